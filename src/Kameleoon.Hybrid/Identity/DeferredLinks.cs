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
    internal const int MaxRefusals = 10;

    private readonly ConcurrentDictionary<(string UserId, string Code), byte> _waiting = new();
    private readonly Channel<WaitingLink> _queue = Channel.CreateBounded<WaitingLink>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    internal int Count => _waiting.Count;

    internal void Add(string userId, string code)
    {
        if (_waiting.TryAdd((userId, code), 0))
        {
            Enqueue(new(userId, code, Refusals: 0));
        }
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.StopTimeout);
        while (!deadline.IsCancellationRequested
            && (await TryWriteNextAsync(deadline.Token) || (Count > 0 && links.Problem is null)))
        {
            // Until nothing is left, or the store is away.
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

    // What cannot be written goes behind the others: it may be the only one that cannot.
    private async Task<bool> TryWriteNextAsync(CancellationToken cancellation)
    {
        if (!_queue.Reader.TryPeek(out var next))
        {
            return false;
        }

        try
        {
            var failure = await TryWriteAsync(next, cancellation);

            // While the store answers others, the failure is this link's own.
            var isRefused = failure is not null && await links.AnswersAsync(cancellation);
            _queue.Reader.TryRead(out _);
            if (failure is null)
            {
                Forget(next);
            }
            else
            {
                PutBack(isRefused ? next with { Refusals = next.Refusals + 1 } : next, failure);
            }

            return failure is null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<VisitorLinksUnavailableException?> TryWriteAsync(WaitingLink link, CancellationToken cancellation)
    {
        try
        {
            await links.LinkLaterAsync(link.UserId, link.Code, cancellation);
            return null;
        }
        catch (VisitorLinksUnavailableException e)
        {
            return e;
        }
    }

    private void PutBack(WaitingLink link, VisitorLinksUnavailableException failure)
    {
        if (link.Refusals < MaxRefusals)
        {
            Enqueue(link);
            return;
        }

        logger.LinkRefused(failure, MaxRefusals);
        Drop(link);
    }

    private void Enqueue(WaitingLink link)
    {
        if (!_queue.Writer.TryWrite(link))
        {
            Drop(link);
        }
    }

    private void Drop(WaitingLink link)
    {
        Forget(link);
        metrics.LinkDropped();
    }

    private void Forget(WaitingLink link) => _waiting.TryRemove((link.UserId, link.Code), out _);

    /// <param name="UserId">Whose it is.</param>
    /// <param name="Code">The code to link.</param>
    /// <param name="Refusals">How often the store refused it while it answered others.</param>
    private readonly record struct WaitingLink(string UserId, string Code, int Refusals);
}
