using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Writes the links that no page waits for: history, and what could not be written while the store was away.
/// </summary>
/// <remarks>What is lost with the process is written when the user comes again.</remarks>
internal sealed class DeferredLinks(
    VisitorLinks links,
    TimeProvider clock,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options,
    ILogger<DeferredLinks> logger) : BackgroundService
{
    internal const int Capacity = 10_000;

    private readonly ConcurrentDictionary<(string UserId, string Code), byte> _waiting = new();
    private readonly Channel<(string UserId, string Code)> _queue = Channel.CreateBounded<(string, string)>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    internal int Count => _waiting.Count;

    internal void Add(string userId, string code)
    {
        if (!_waiting.TryAdd((userId, code), 0))
        {
            return;
        }

        if (!_queue.Writer.TryWrite((userId, code)))
        {
            _waiting.TryRemove((userId, code), out _);
            metrics.LinkDropped();
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.StopTimeout);
        while (!deadline.IsCancellationRequested && await TryWriteNextAsync(deadline.Token))
        {
            // Until nothing is left, or the store says no.
        }

        if (_waiting.Count is var left and > 0)
        {
            logger.LinksLeft(left);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), jitter: 0.5, Random.Shared);
        try
        {
            for (var failures = 0; await _queue.Reader.WaitToReadAsync(stoppingToken);)
            {
                if (await TryWriteNextAsync(stoppingToken))
                {
                    failures = 0;
                }
                else
                {
                    await Task.Delay(backoff.Of(failures++), clock, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    // It stays first in the queue until the store has it.
    private async Task<bool> TryWriteNextAsync(CancellationToken cancellation)
    {
        if (!_queue.Reader.TryPeek(out var next))
        {
            return false;
        }

        try
        {
            await links.LinkAsync(next.UserId, next.Code, cancellation);
            _queue.Reader.TryRead(out _);
            _waiting.TryRemove(next, out _);
            return true;
        }
        catch (Exception e) when (e is VisitorLinksUnavailableException or OperationCanceledException)
        {
            return false;
        }
    }
}
