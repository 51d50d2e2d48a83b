namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>The sandbox as the platform of a farm, which counts what it is asked, and can go away and come back.</summary>
internal sealed class FarmPlatform : IAsyncDisposable
{
    private RealSandbox _sandbox = null!;
    private int _requests;
    private int _streams;

    internal Uri Address => _sandbox.Address;

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
        platform._sandbox = await RealSandbox.StartAsync(dataFile, app => app.Use(platform.CountAsync));
        return platform;
    }

    internal void Serve(string dataFile) => _sandbox.Serve(dataFile);

    internal Task UpAsync() => _sandbox.UpAsync();

    internal Task DownAsync() => _sandbox.DownAsync();

    public ValueTask DisposeAsync() => _sandbox.DisposeAsync();

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
