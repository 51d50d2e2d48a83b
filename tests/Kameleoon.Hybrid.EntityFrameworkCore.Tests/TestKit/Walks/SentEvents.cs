using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The platform's data API, which keeps each event once by its nonce.</summary>
internal sealed class SentEvents : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, IReadOnlyDictionary<string, string>> _byNonce = new(StringComparer.Ordinal);
    private readonly WebApplication _app;

    private SentEvents(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.First());

    internal static async Task<SentEvents> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var events = new SentEvents(builder.Build());
        events._app.MapPost("/visit/events", events.TakeAsync);
        await events._app.StartAsync();
        return events;
    }

    /// <summary>What arrived of one type.</summary>
    internal IEnumerable<IReadOnlyDictionary<string, string>> OfType(string type) =>
        _byNonce.Values.Where(sent => sent["eventType"] == type);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        foreach (var line in (await reader.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            var values = line.Split('&').Select(static pair => pair.Split('=', 2)).ToDictionary(
                static pair => pair[0], static pair => Uri.UnescapeDataString(pair[1]), StringComparer.Ordinal);
            if (values.ContainsKey("eventType"))
            {
                _byNonce.TryAdd(values["nonce"], values);
            }
        }

        return Results.NoContent();
    }
}
