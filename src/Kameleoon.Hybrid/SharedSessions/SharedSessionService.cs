using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Writes the changes of this server to the shared store, and reads those of other servers every
/// second; every five where the store tells of changes at once.</summary>
internal sealed class SharedSessionService(
    SharedSessions sessions,
    SharedSessionAccess access,
    SharedSessionWrites writes,
    TimeProvider clock,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options,
    ILogger<SharedSessionService> logger) : BackgroundService, IHostedLifecycleService
{
    private const int IntervalsBesideFeed = 5;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    // A server stamps a change before its write is complete, so another server may have read later stamps by then.
    private static readonly TimeSpan Overlap = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan CleanInterval = TimeSpan.FromMinutes(5);

    private long _lastRead = clock.GetTimestamp();
    private long _lastClean = clock.GetTimestamp();
    private int _intervals;

    // Where the last reading stopped and when it began, so that the next one continues there.
    private long _began;
    private string? _after;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await WriteRestAsync(cancellationToken);
    }

    /// <summary>Shares which conversions with an id were stored or sent at the stop, which happens after all services have stopped.
    /// </summary>
    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        if (writes.Count > 0)
        {
            await WriteRestAsync(cancellationToken);
            Drop(writes.Count, "the application stopped");
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!access.IsOn)
        {
            return;
        }

        await using var timer = clock.CreateTimer(
            static state => ((SharedSessionService)state!).EndInterval(), this, Interval, Interval);
        try
        {
            await foreach (var _ in writes.Wake.WaitAsync(stoppingToken))
            {
                await WriteAsync(stoppingToken);
                if (Volatile.Read(ref _intervals) >= (access.Feed is null ? 1 : IntervalsBesideFeed))
                {
                    Volatile.Write(ref _intervals, 0);
                    await ReadAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task WriteRestAsync(CancellationToken cancellationToken)
    {
        if (!access.IsOn)
        {
            return;
        }

        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(options.Value.StopTimeout);
        try
        {
            await WriteAsync(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Nothing is written while a person is forgotten, which may take longer than the stop.
        }
    }

    // Counted by the timer, because a read that began late would let the next interval look too short.
    private void EndInterval()
    {
        Interlocked.Increment(ref _intervals);
        writes.Wake.Set();
    }

    private async Task WriteAsync(CancellationToken cancellation)
    {
        Drop(writes.TakeDropped(), "the store is unavailable, and too many changes wait");
        while (true)
        {
            using var turn = await writes.TakeTurnAsync(cancellation);
            if (writes.Peek() is not { Length: > 0 } entries)
            {
                break;
            }

            List<VisitorSessionEntry> refused = [];
            if (!await WriteAsync(entries, refused, cancellation))
            {
                return;
            }

            if (refused.Count == entries.Length)
            {
                // The store accepts nothing at all, as with a full disk. The changes wait.
                break;
            }

            // The store may have begun to accept writes in the middle of these. So it is asked once more.
            List<VisitorSessionEntry> refusedTwice = [];
            if (!await WriteAsync([.. refused], refusedTwice, cancellation))
            {
                return;
            }

            writes.Remove([.. refusedTwice]);
            Drop(refusedTwice.Count, "the store refuses them");
        }

        while (writes.TakeProlonged() is { Length: > 0 } codes)
        {
            await access.RunAsync((store, token) => store.ProlongAsync(codes, token), cancellation);
        }
    }

    /// <summary>Writes entries, in halves when the store refuses them, so that one refused entry does not block the others.
    /// </summary>
    /// <returns>Whether the store accepted or refused every entry.</returns>
    private async Task<bool> WriteAsync(
        VisitorSessionEntry[] entries, List<VisitorSessionEntry> refused, CancellationToken cancellation)
    {
        if (entries.Length == 0)
        {
            return true;
        }

        var reply = await access.RunAsync((store, token) => store.SaveAsync(entries, token), cancellation);
        if (reply is { IsRefused: true } && entries.Length > 1)
        {
            var half = entries.Length / 2;
            return await WriteAsync(entries[..half], refused, cancellation)
                && await WriteAsync(entries[half..], refused, cancellation);
        }

        if (reply.IsDone)
        {
            writes.Remove(entries);
            metrics.SessionShared("written", entries.Length);
        }
        else if (reply.IsRefused)
        {
            refused.AddRange(entries);
        }

        return reply.IsDone || reply.IsRefused;
    }

    private async Task ReadAsync(CancellationToken cancellation)
    {
        do
        {
            if (!await TryReadPageAsync(cancellation))
            {
                return;
            }
        }
        while (_after is not null);

        _lastRead = _began;
        if (clock.GetElapsedTime(_lastClean) >= CleanInterval)
        {
            _lastClean = _began;
            await access.RunAsync(static (store, token) => store.DeleteExpiredAsync(token), cancellation);
        }
    }

    private async Task<bool> TryReadPageAsync(CancellationToken cancellation)
    {
        _began = _after is null ? clock.GetTimestamp() : _began;
        var within = clock.GetElapsedTime(_lastRead) + Overlap;
        var read = writes.BeginRead();
        try
        {
            var reply = await access.AskAsync((store, token) => store.ReadChangesAsync(within, _after, token), cancellation);
            if (reply is not { IsDone: true, Answer: { } page })
            {
                return false;
            }

            sessions.Apply(page.Entries, read);
            _after = page.Next;
            return true;
        }
        finally
        {
            writes.EndRead(read);
        }
    }

    private void Drop(int count, string reason)
    {
        if (count > 0)
        {
            metrics.SessionShared("dropped", count);
            logger.SessionChangesDropped(count, reason);
        }
    }
}
