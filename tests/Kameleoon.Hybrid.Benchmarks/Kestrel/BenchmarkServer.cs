using System.Buffers;
using System.Globalization;
using System.Text;
using Kameleoon.Hybrid.Stores;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>A server with one small page: without us, with a known visitor, with a decision and its tracking code, or with
/// one that is looked at or reported by the server. Or the data API that takes the reports.</summary>
internal static class BenchmarkServer
{
    /// <summary>What a returning visitor's browser sends.</summary>
    internal static readonly string Cookies = string.Create(
        CultureInfo.InvariantCulture,
        $"theme=dark; kameleoonVisitorCode=vc10ctbql0zpf4rw; kameleoonVisitorCodeStamp={Today}.vc10ctbql0zpf4rw");

    /// <summary>The end of the kind of a server that tells how often and how long the collector stopped it.</summary>
    internal const string WithPauses = " with pauses";

    /// <summary>The kind of a server without us whose response is that of a decision with its tracking code, and that gets a
    /// service of the request as applications do.</summary>
    internal const string AsLarge = "bare, as large";

    /// <summary>Where such a server tells it.</summary>
    internal const string PausesPath = "/pauses";

    /// <summary>Where the data API listens.</summary>
    internal const int SinkPort = 5729;

    // Applications have the keys of their flags as constants.
    private const string Flag = "feature_number_0";

    private static int _events;

    private static long Today => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86400;

    internal static async Task RunAsync(string kind, int port)
    {
        var tellsPauses = kind.EndsWith(WithPauses, StringComparison.Ordinal);
        kind = tellsPauses ? kind[..^WithPauses.Length] : kind;
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        var isOurs = kind is not "sink" && !kind.StartsWith("bare", StringComparison.Ordinal);
        if (isOurs)
        {
            builder.Services.AddKameleoonHybrid(options =>
            {
                options.SiteCode = "abcde12345";
                options.ExposureBy = kind is "decided" ? ExposureOwner.Engine : ExposureOwner.Server;
                options.Endpoints.Tracking = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{SinkPort}"));
            })
                .UseDataFile(new InMemoryDataFile(Encoding.UTF8.GetString(BenchmarkSite.Write(50))));
        }

        if (kind is AsLarge)
        {
            builder.Services.AddScoped<RequestService>();
        }

        if (kind is "written")
        {
            builder.Services.AddSingleton<ITrackingOutbox, DiscardingOutbox>();
        }

        await using var app = builder.Build();
        app.Urls.Add(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}"));
        if (isOurs)
        {
            app.UseKameleoonVisitorCode();
        }

        if (tellsPauses)
        {
            app.Map(PausesPath, static pauses => pauses.Run(static context => context.Response.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"{GC.CollectionCount(0)} {GC.GetTotalPauseDuration().TotalMilliseconds}"))));
        }

        app.Run(kind switch
        {
            "decided" => Decided,
            "on" or "written" => static context => Exposed(context, track: true),
            "off" or "off again" => static context => Exposed(context, track: false),
            "sink" => TakeAsync,
            AsLarge => SameResponse,
            _ => static context => context.Response.WriteAsync("page"),
        });
        await app.RunAsync();
    }

    /// <summary>Takes batches and sends none, so that writing events is measured without sending them.</summary>
    private sealed class DiscardingOutbox : ITrackingOutbox
    {
        public Task StoreAsync(TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<TrackingBatch?> ClaimAsync(string siteCode, TimeSpan lease, CancellationToken cancellationToken) =>
            Task.FromResult<TrackingBatch?>(null);

        public Task CompleteAsync(Guid batchId, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task ReleaseAsync(Guid batchId, TimeSpan delay, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<TrackingBacklog> GetBacklogAsync(string siteCode, CancellationToken cancellationToken) =>
            Task.FromResult(new TrackingBacklog(0, OldestCreatedAt: null));
    }

    private static Task Exposed(HttpContext context, bool track)
    {
        var client = context.RequestServices.GetRequiredService<IKameleoonClient>();
        return context.Response.WriteAsync(client.GetVariation(Flag, track).Key);
    }

    private static async Task TakeAsync(HttpContext context)
    {
        if (HttpMethods.IsGet(context.Request.Method))
        {
            await context.Response.WriteAsync(Volatile.Read(ref _events).ToString(CultureInfo.InvariantCulture));
            return;
        }

        // Cheaply: a real one works on a machine of its own.
        var (buffer, lines) = (ArrayPool<byte>.Shared.Rent(64 * 1024), 1);
        while (await context.Request.Body.ReadAsync(buffer) is var read and > 0)
        {
            lines += buffer.AsSpan(0, read).Count((byte)'\n');
        }

        ArrayPool<byte>.Shared.Return(buffer);
        Interlocked.Add(ref _events, lines);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }

    private sealed class RequestService;

    private static Task SameResponse(HttpContext context)
    {
        context.RequestServices.GetRequiredService<RequestService>();
        context.Response.Headers.CacheControl = "private, no-cache, no-store";
        return context.Response.WriteAsync(
            "window.kameleoonQueue=window.kameleoonQueue||[];"
            + "window.kameleoonQueue.push(['Experiments.assignVariation',200000,2,true]);"
            + "window.kameleoonQueue.push(['Experiments.trigger',200000,true]);");
    }

    private static Task Decided(HttpContext context)
    {
        var client = context.RequestServices.GetRequiredService<IKameleoonClient>();
        client.GetVariation(Flag);
        return context.Response.WriteAsync(client.GetEngineTrackingCode());
    }
}
