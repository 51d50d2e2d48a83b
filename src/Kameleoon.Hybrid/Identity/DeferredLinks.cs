using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Writes the links that could not be written while the store was unavailable, in the order of the requests: a
/// code belongs to the first user whose request sent it.</summary>
/// <remarks>Links that are lost with the process are written at the user's next request.</remarks>
internal sealed class DeferredLinks(
    VisitorLinks links,
    TimeProvider clock,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options,
    ILogger<DeferredLinks> logger) : BackgroundService
{
    internal const int MaxRefusals = 10;

    private readonly WaitingLinks _waiting = new();
#pragma warning disable CA2213 // It has no handle to release, and the service may be stopped after its disposal.
    private readonly SemaphoreSlim _writing = new(1);
#pragma warning restore CA2213
    private readonly WakeSignal _wake = new();
    private readonly LogOnce _overflow = new();

    internal int Count => _waiting.Count;

    internal void Add(string userId, string code)
    {
        if (_waiting.TryAdd(userId, code))
        {
            _wake.Set();
            return;
        }

        metrics.VisitorLinked("dropped");
        if (_overflow.IsFirst())
        {
            logger.LinksOverflow(WaitingLinks.Capacity, WaitingLinks.MaxOfUser);
        }
    }

    /// <summary>Removes a user's waiting links. When this completes, none of them will be written.</summary>
    internal async Task ForgetAsync(string userId, CancellationToken cancellation)
    {
        _waiting.RemoveOf(userId);
        await _writing.WaitAsync(cancellation);
        _writing.Release();
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.StopTimeout);
        while (!deadline.IsCancellationRequested
            && (await TryWriteNextAsync(deadline.Token) || (Count > 0 && links.Problem is null)))
        {
            // Until no link is left, or the store is unavailable.
        }

        if (Count is var left and > 0)
        {
            logger.LinksLeft(left);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var backoff = new Backoff(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(30), jitter: 0.5, Random.Shared);
        try
        {
            await foreach (var _ in _wake.WaitAsync(stoppingToken))
            {
                for (var failures = 0; Count > 0;)
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
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task<bool> TryWriteNextAsync(CancellationToken cancellation)
    {
        try
        {
            await _writing.WaitAsync(cancellation);
        }
        catch (OperationCanceledException)
        {
            return false;
        }

        try
        {
            if (_waiting.Peek() is not { } next)
            {
                return false;
            }

            var failure = await TryWriteAsync(next.Value, cancellation);
            if (failure is null)
            {
                _waiting.Remove(next);
            }
            else if (await links.AnswersAsync(cancellation))
            {
                // The store answers other calls, so it refuses this link.
                MoveToEnd(next, failure);
            }

            return failure is null;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
        finally
        {
            _writing.Release();
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

    // A refused link moves to the end, so that it does not block the others.
    private void MoveToEnd(LinkedListNode<WaitingLink> refused, VisitorLinksUnavailableException failure)
    {
        if (++refused.Value.Refusals < MaxRefusals)
        {
            _waiting.MoveToEnd(refused);
            return;
        }

        logger.LinkRefused(failure, MaxRefusals);
        _waiting.Remove(refused);
        metrics.VisitorLinked("dropped");
    }
}
