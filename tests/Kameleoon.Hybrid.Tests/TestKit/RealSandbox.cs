using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The sandbox on a web server of its own, always at the same address, which can go away and come back.</summary>
internal sealed class RealSandbox : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("sandbox");
    private readonly Action<WebApplication>? _before;
    private WebApplication? _app;

    private RealSandbox(Uri address, Action<WebApplication>? before) => (Address, _before) = (address, before);

    internal Uri Address { get; }

    internal string DataFile => Path.Combine(_root.FullName, "kameleoon.json");

    /// <param name="dataFile">What it serves.</param>
    /// <param name="before">Adds what looks at each request first.</param>
    internal static async Task<RealSandbox> StartAsync(string dataFile, Action<WebApplication>? before = null)
    {
        var sandbox = new RealSandbox(new Uri($"http://127.0.0.1:{LoopbackPort.Free()}"), before);
        sandbox.Serve(dataFile);
        await sandbox.UpAsync();
        return sandbox;
    }

    /// <summary>Replaces the data file, as an editor does: at once.</summary>
    internal void Serve(string dataFile)
    {
        File.WriteAllText(DataFile + ".new", dataFile);
        File.Move(DataFile + ".new", DataFile, overwrite: true);
    }

    internal async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = _root.FullName });
        builder.Configuration["Kameleoon:Sandbox:Enabled"] = "true";
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(Address.AbsoluteUri);
        builder.Services.AddKameleoonSandbox();
        _app = builder.Build();
        _before?.Invoke(_app);
        _app.MapKameleoonSandbox(prefix: "");
        await _app.StartAsync();
    }

    internal async Task DownAsync()
    {
        await _app!.DisposeAsync();
        _app = null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await DownAsync();
        }

        _root.Delete(recursive: true);
    }
}
