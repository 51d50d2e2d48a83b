using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The platform's end of tracking on a real server: remembers how often each event arrived.</summary>
internal sealed class DataApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, int>> _nonces = new(StringComparer.Ordinal);
    private int _cuts;

    private DataApi(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.First());

    /// <summary>How many of the next requests are taken but never answered, as when a connection breaks too late.</summary>
    internal int Cuts
    {
        get => Volatile.Read(ref _cuts);
        set => Volatile.Write(ref _cuts, value);
    }

    /// <summary>The goals reached, each with the nonces under which it arrived.</summary>
    internal IReadOnlyDictionary<string, ConcurrentDictionary<string, int>> Goals => _nonces;

    internal static async Task<DataApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        var api = new DataApi(app);
        app.MapPost("/visit/events", api.TakeAsync);
        await app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task TakeAsync(HttpContext context)
    {
        using var reader = new StreamReader(context.Request.Body);
        foreach (var line in (await reader.ReadToEndAsync()).Split('\n'))
        {
            var pairs = line.Split('&').Select(pair => pair.Split('=')).ToDictionary(
                pair => pair[0], pair => pair[1], StringComparer.Ordinal);
            var times = _nonces.GetOrAdd(
                pairs.GetValueOrDefault("goalId") ?? "exposure of " + pairs["visitorCode"], _ => new(StringComparer.Ordinal));
            times.AddOrUpdate(pairs["nonce"], 1, (_, before) => before + 1);
        }

        if (Interlocked.Decrement(ref _cuts) >= 0)
        {
            context.Abort();
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
