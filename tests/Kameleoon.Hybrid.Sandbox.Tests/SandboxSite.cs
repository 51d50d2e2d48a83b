using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>A sandbox behind a real web server, with a data file of its own.</summary>
internal sealed class SandboxSite : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly DirectoryInfo _root;

    private SandboxSite(WebApplication app, DirectoryInfo root)
    {
        _app = app;
        _root = root;
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.Single()),
        };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _app.Services;

    public string DataFile => Path.Combine(_root.FullName, "kameleoon.json");

    public static async Task<SandboxSite> StartAsync(
        string prefix = "",
        string? dataFile = TestData.Json,
        string environment = "Development",
        Action<WebApplicationBuilder>? configure = null,
        params (string Key, string Value)[] settings)
    {
        var root = Directory.CreateTempSubdirectory("sandbox");
        if (dataFile is not null)
        {
            var file = Path.Combine(root.FullName, "kameleoon.json");
            await File.WriteAllTextAsync(file, dataFile);
            File.SetLastWriteTimeUtc(file, DateTime.UtcNow.AddHours(-1)); // What was written just now has no date yet.
        }

        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { ContentRootPath = root.FullName, EnvironmentName = environment });
        builder.Configuration.AddInMemoryCollection([KeyValuePair.Create("Kameleoon:Sandbox:Storage", (string?)"")]);
        builder.Configuration.AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, (string?)s.Value)));
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKameleoonSandbox();
        configure?.Invoke(builder);

        var app = builder.Build();
        app.MapKameleoonSandbox(prefix);
        await app.StartAsync();
        return new SandboxSite(app, root);
    }

    public Task<HttpResponseMessage> FromEngineAsync(string visitor, params string[] lines) =>
        PostAsync($"visit/events?engine=true&siteCode=s&visitorCode={visitor}", lines);

    public Task<HttpResponseMessage> FromServerAsync(params string[] lines) =>
        PostAsync("visit/events?sdkName=CSHARP&sdkVersion=4.22.0&siteCode=s&bodyUa=true", lines);

    public Task<HttpResponseMessage> PostAsync(string address, params string[] lines) =>
        Http.PostAsync(new Uri(address, UriKind.Relative), new StringContent(string.Join('\n', lines)));

    public Task<HttpResponseMessage> GetAsync(string address) => Http.GetAsync(new Uri(address, UriKind.Relative));

    /// <summary>Uses the remote control, as a test or the live page does.</summary>
    public async Task<HttpResponseMessage> ControlAsync(string method, string address, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), address)
        {
            Headers = { { "X-Kameleoon-Sandbox", "1" } },
            Content = body is null ? null : new StringContent(body),
        };
        return await Http.SendAsync(request);
    }

    public async Task<JsonElement> JsonAsync(string address) => JsonElement.Parse(await TextAsync(address));

    public Task<string> TextAsync(string address) => Http.GetStringAsync(new Uri(address, UriKind.Relative));

    public async Task<JsonElement> StateAsync() => JsonElement.Parse(await TextAsync("live/state"));

    public Task StopAsync() => _app.StopAsync();

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _app.DisposeAsync();
        _root.Delete(recursive: true);
    }
}
