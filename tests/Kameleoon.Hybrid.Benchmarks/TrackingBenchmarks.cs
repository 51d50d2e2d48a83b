using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What an event costs the request that leaves it, and the sender that writes it.</summary>
/// <remarks>Budget: 0.06 of a hash and 0 bytes to queue; 200 ns and 8 bytes to write; a million a second end to end.
/// </remarks>
[MemoryDiagnoser]
#pragma warning disable CA1001 // BenchmarkDotNet calls the clean-up.
public class TrackingBenchmarks
#pragma warning restore CA1001
{
    private const int Visitors = 5000;

    private static readonly Exposure Exposed = new(123456, 789012, RunsInBrowser: false, IsTargetedDelivery: false);

    private readonly byte[] _text = new byte[30];
    private readonly string[] _codes = [.. Enumerable.Range(0, Visitors).Select(_ => VisitorCode.Generate())];
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EventBuffer _taken = new();
    private readonly EventBuffer _batch = new();
    private readonly TrackingQueue _queue;
    private readonly BatchWriter _body;
    private readonly int _size;
    public TrackingBenchmarks()
    {
        _queue = new TrackingQueue(
            Options.Create(new KameleoonOptions { SiteCode = "abcde12345" }),
            TimeProvider.System,
            ActivatorUtilities.CreateInstance<KameleoonMetrics>(_services));
        _body = new BatchWriter(_batch);
        Fill();
        _queue.Dequeue(_batch, long.MinValue);
        _size = TrackingEvent.Exposure(new EventOrigin(_codes[0]), Exposed).Size;
        _queue.Release(Visitors, (long)Visitors * _size);
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        _body.Dispose();
        _batch.Dispose();
        _taken.Dispose();
        _services.Dispose();
    }

    [Benchmark(Baseline = true, Description = "sha: the framework's, 30 bytes")]
    public int Framework()
    {
        Span<byte> digest = stackalloc byte[SHA256.HashSizeInBytes];
        return SHA256.HashData(_text, digest);
    }

    [Benchmark(Description = "an event into the queue and out again", OperationsPerInvoke = Visitors)]
    public void Queue()
    {
        Fill();
        Empty();
    }

    [Benchmark(Description = "5,000 visitors' exposures into a body", OperationsPerInvoke = Visitors)]
    public int Write()
    {
        _batch.Sort();
        _batch.Next = 0;
        var length = 0;
        while (_body.WriteNext(Guid.Empty, "a", DateTimeOffset.UnixEpoch) is { } written)
        {
            length += written.Batch.Body.Length;
        }

        return length;
    }

    /// <summary>The same in rotation, bytes, and the way over a real connection.</summary>
    internal static async Task PrintAsync(int rounds)
    {
        var cases = new TrackingBenchmarks();
        var rotation = new Rotation();
        rotation.Add("sha", () => cases.Framework());
        rotation.Add("an event into the queue", cases.Fill, Visitors, cases.Empty);
        rotation.Add("an event into the queue and out again", cases.Queue, Visitors);
        rotation.Add("an event into a body, of 5,000 visitors", () => cases.Write(), Visitors);
        rotation.Print(rounds);
        PrintBytes("an event into the queue", cases.Queue, Visitors);
        PrintBytes("an event into a body", () => cases.Write(), Visitors);
        cases.Cleanup();
        for (var round = 0; round < 5; round++)
        {
            await PrintEndToEndAsync(seconds: 3);
        }
    }

    private void Fill()
    {
        foreach (var code in _codes)
        {
            _queue.Add(TrackingEvent.Exposure(new EventOrigin(code), Exposed));
        }
    }

    private void Empty()
    {
        _queue.Dequeue(_taken, long.MinValue);
        _queue.Release(Visitors, (long)Visitors * _size);
        _taken.Clear();
    }

    private static void PrintBytes(string name, Action run, int per)
    {
        const int runs = 100_000;
        var count = runs / per;
        run();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < count; i++)
        {
            run();
        }

        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (double)(count * per);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name}: {bytes:F2} bytes"));
    }

    /// <summary>Events of one producer through the queue, the sender and a connection on loopback, as fast as they go.
    /// </summary>
    private static async Task PrintEndToEndAsync(int seconds)
    {
        await using var api = await StartApiAsync();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.Services.AddKameleoonHybrid(options =>
        {
            options.SiteCode = "abcde12345";
            options.Endpoints.Tracking = new Uri(api.Urls.First());
            options.Endpoints.Configuration = options.Endpoints.Tracking;
            options.Configuration.LastGoodCopy = false;
            options.Tracking.MaxQueuedEvents = 10_000_000;
            options.Tracking.MaxQueuedBytes = 4L * 1024 * 1024 * 1024;
            options.StopTimeout = TimeSpan.FromMinutes(1);
        });
        await using var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        await app.StartAsync();
        var queue = app.Services.GetRequiredService<TrackingQueue>();
        var sender = app.Services.GetRequiredService<TrackingSender>();
        var codes = Enumerable.Range(0, 100_000).Select(_ => VisitorCode.Generate()).ToArray();

        var start = Stopwatch.GetTimestamp();
        var sent = 0;
        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(seconds))
        {
            for (var i = 0; i < codes.Length; i++)
            {
                queue.Add(TrackingEvent.Exposure(new EventOrigin(codes[i]), Exposed));
            }

            sent += codes.Length;
            if (queue.Count > 1_000_000 && !(await sender.FlushAsync(key: null, default)).IsSafe)
            {
                throw new InvalidOperationException("Events were not taken.");
            }
        }

        var isSafe = (await sender.FlushAsync(key: null, default)).IsSafe;
        var elapsed = Stopwatch.GetElapsedTime(start);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"end to end: {sent / elapsed.TotalSeconds:N0} events/s, all taken: {isSafe && queue.Count == 0}"));
        await app.StopAsync();
    }

    private static async Task<WebApplication> StartApiAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(server => server.Limits.MinRequestBodyDataRate = null);
        var app = builder.Build();
        app.Urls.Add("http://127.0.0.1:0");
        app.MapPost("/visit/events", async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Response.StatusCode = StatusCodes.Status204NoContent;
        });
        await app.StartAsync();
        return app;
    }
}
