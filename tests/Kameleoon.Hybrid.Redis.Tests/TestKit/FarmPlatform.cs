using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>The sandbox as the platform of a farm, which counts what it is asked, and can go away and come back.</summary>
internal sealed class FarmPlatform : IAsyncDisposable
{
    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("farm-platform");
    private WebApplication? _app;
    private int _requests;
    private int _streams;

    internal Uri Address { get; } = new($"http://127.0.0.1:{LoopbackPort.Free()}");

    /// <summary>How often it was asked for the data file.</summary>
    internal int Requests => Volatile.Read(ref _requests);

    /// <summary>How many servers listen to its event stream.</summary>
    internal int Streams => Volatile.Read(ref _streams);

    /// <summary>A data file with a flag of this name beside <c>checkout</c>.</summary>
    internal static string With(string flag, int second = 0) => $$"""
        {
          "dateModified": {{1767225600000 + (second * 1000L)}},
          "configuration": { "consentType": "NOT_REQUIRED" },
          "featureFlags": [{{Flag("checkout", 1)}}, {{Flag(flag, 2)}}]
        }
        """;

    internal static async Task<FarmPlatform> StartAsync(string dataFile)
    {
        var platform = new FarmPlatform();
        platform.Serve(dataFile);
        await platform.UpAsync();
        return platform;
    }

    internal void Serve(string dataFile)
    {
        var file = Path.Combine(_root.FullName, "kameleoon.json");
        File.WriteAllText(file + ".new", dataFile);
        File.Move(file + ".new", file, overwrite: true);
    }

    internal async Task UpAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ContentRootPath = _root.FullName });
        builder.Configuration["Kameleoon:Sandbox:Enabled"] = "true";
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["urls"] = Address.AbsoluteUri;
        builder.Logging.ClearProviders();
        builder.Services.AddKameleoonSandbox();
        _app = builder.Build();
        _app.Use(CountAsync);
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

    private async Task CountAsync(HttpContext context, RequestDelegate next)
    {
        var isStream = context.Request.Path.StartsWithSegments("/sse", StringComparison.Ordinal);
        if (context.Request.Path.StartsWithSegments("/v3", StringComparison.Ordinal))
        {
            Interlocked.Increment(ref _requests);
        }

        Interlocked.Add(ref _streams, isStream ? 1 : 0);
        try
        {
            await next(context);
        }
        finally
        {
            Interlocked.Add(ref _streams, isStream ? -1 : 0);
        }
    }

    private static string Flag(string key, int id) => $$"""
        {
          "id": {{id}}, "featureKey": "{{key}}", "environmentEnabled": true, "defaultVariationKey": "off",
          "variations": [{ "key": "off", "name": "Off", "variables": [] }, { "key": "on", "name": "On", "variables": [] }],
          "rules": [{
            "id": {{id + 1000}}, "type": "EXPERIMENTATION", "segmentId": null, "exposition": 1, "experimentId": {{id + 7000}},
            "variationByExposition": [{ "variationKey": "on", "variationId": {{id + 81000}}, "exposition": 1 }]
          }]
        }
        """;
}
