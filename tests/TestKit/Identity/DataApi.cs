using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>The platform's data API on Kestrel, which counts an event once by its nonce.</summary>
internal sealed class DataApi : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, int> _orders = new(StringComparer.Ordinal);
    private int _lines;
    private int _exposures;
    private int _requests;

    private DataApi(WebApplication app) => _app = app;

    internal Uri Address => new(_app.Urls.First());

    /// <summary>Whether it answers 503.</summary>
    internal bool IsAway { get; set; }

    /// <summary>Whether it breaks every second connection, once it has counted.</summary>
    internal bool Cuts { get; set; }

    /// <summary>What it waits for before it looks at a request.</summary>
    internal Task Ready { get; set; } = Task.CompletedTask;

    /// <summary>How long it takes to answer once it has counted, so that whoever is killed then does not know.</summary>
    internal TimeSpan Pause { get; set; }

    /// <summary>The numbers of the orders whose conversions arrived, one for each nonce.</summary>
    internal ICollection<int> Orders => _orders.Values;

    /// <summary>How many conversions arrived, those included that were known.</summary>
    internal int Lines => Volatile.Read(ref _lines);

    /// <summary>How many exposures arrived.</summary>
    internal int Exposures => Volatile.Read(ref _exposures);

    internal static async Task<DataApi> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        var api = new DataApi(builder.Build());
        api._app.MapPost("/visit/events", api.TakeAsync);
        await api._app.StartAsync();
        return api;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        using var reader = new StreamReader(request.Body);
        var body = await reader.ReadToEndAsync();
        await Ready;
        if (IsAway)
        {
            await Task.Delay(Pause);
            return Results.StatusCode(503);
        }

        Interlocked.Add(
            ref _exposures, body.Split('\n').Count(line => line.Contains("eventType=experiment", StringComparison.Ordinal)));
        foreach (var line in body.Split('\n').Where(line => line.Contains("eventType=conversion", StringComparison.Ordinal)))
        {
            var values = line.Split('&').Select(pair => pair.Split('=')).ToDictionary(pair => pair[0], pair => pair[1], StringComparer.Ordinal);
            var number = (int)decimal.Parse(values["revenue"], CultureInfo.InvariantCulture);
            _orders.GetOrAdd(values["nonce"], number).ShouldBe(number);
            Interlocked.Increment(ref _lines);
        }

        await Task.Delay(Pause);
        if (Cuts && Interlocked.Increment(ref _requests) % 2 == 0)
        {
            request.HttpContext.Abort();
        }

        return Results.NoContent();
    }
}
