using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Runs a tracking round at each interval and on request, sends what the outbox holds beside it, and runs a last
/// round once all other services have stopped.</summary>
/// <remarks>Storing and sending are two loops: a platform that answers slowly does not delay storing.</remarks>
internal sealed class TrackingSender(
    TrackingRound round,
    TrackingQueue queue,
    OutboxKeeper outbox,
    OutboxDelivery outboxDelivery,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    ILogger<TrackingSender> logger) : IHostedLifecycleService, IDisposable
{
    private readonly WakeSignal _wake = new();
    private readonly ConcurrentQueue<FlushRequest> _flushes = new();
#pragma warning disable CA2213 // They have no handles to release, and a host of tests may stop the service after its disposal.
    private readonly CancellationTokenSource _stopping = new();

    // Stopping ends the wait between rounds at once, and leaves the last round StopTimeout to send.
    private readonly CancellationTokenSource _deadline = new();

    // Storing in the outbox may take until the host's own deadline.
    private readonly CancellationTokenSource _hostDeadline = new();
#pragma warning restore CA2213
    private Task _rounds = Task.CompletedTask;
    private Task _deliveries = Task.CompletedTask;
    private ITimer? _timer;
    private bool _isOver;
    private bool _isDisposed;

    /// <summary>How many events were dropped since the start before they were stored or sent.</summary>
    internal long LostCount => round.LostCount;

    /// <summary>Stores the events that wait now in the outbox, or sends them without one. Safe for concurrent use.</summary>
    /// <param name="key">The idempotency key of the request whose events wait, or null.</param>
    /// <param name="cancellationToken">Cancels the wait, not the sending.</param>
    internal Task<FlushResult> FlushAsync(IdempotencyKey? key, CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<FlushResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(new FlushRequest(done, key));
        _wake.Set();
        outboxDelivery.Tick();
        if (Volatile.Read(ref _isOver))
        {
            done.TrySetResult(default);
        }

        return done.Task.WaitAsync(cancellationToken);
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _timer = clock.CreateTimer(
            static state => ((TrackingSender)state!).Tick(),
            this,
            options.Value.TrackingInterval,
            options.Value.TrackingInterval);
        _rounds = Task.Run(() => RepeatAsync(_wake.WaitAsync(_stopping.Token), () => RunRoundAsync(isLast: false)), CancellationToken.None);
        _deliveries = outbox.IsThere
            ? Task.Run(() => RepeatAsync(outboxDelivery.WaitAsync(_stopping.Token), TryDeliverAsync), CancellationToken.None)
            : Task.CompletedTask;
        return Task.CompletedTask;
    }

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <summary>Does nothing: services that stop later, or at the same time, may still report events.</summary>
    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((TrackingSender)state!).EndNow(), this);
        await using var timer = clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(),
            _deadline,
            options.Value.StopTimeout,
            Timeout.InfiniteTimeSpan);
        await _stopping.CancelAsync();
        await _rounds;
        Volatile.Write(ref _isOver, true);
        await RunRoundAsync(isLast: true);
        await _deliveries;
        if (outbox.IsThere)
        {
            await TryDeliverAsync();
        }

        round.DropRest();
    }

    public void Dispose()
    {
        // The container disposes a service once for each of its registrations.
        if (Interlocked.Exchange(ref _isDisposed, true))
        {
            return;
        }

        _stopping.Cancel();
        EndNow();
        _timer?.Dispose();
    }

    private static async Task RepeatAsync(IAsyncEnumerable<bool> wakes, Func<Task> run)
    {
        try
        {
            await foreach (var _ in wakes)
            {
                await run();
            }
        }
        catch (OperationCanceledException)
        {
            // The application stops.
        }
    }

    // A round can take longer than an interval. Events that arrive meanwhile must still expire in time.
    private void Tick()
    {
        queue.CloseOldBlocks();
        _wake.Set();
        outboxDelivery.Tick();
    }

    private void EndNow()
    {
        _deadline.Cancel();
        _hostDeadline.Cancel();
    }

    private async Task RunRoundAsync(bool isLast)
    {
        List<FlushRequest> asked = [];
        for (var count = _flushes.Count; (count > 0 || isLast) && _flushes.TryDequeue(out var flush); count--)
        {
            asked.Add(flush);
        }

        var result = await TryRunRoundAsync([.. asked.Select(static flush => flush.Key).OfType<IdempotencyKey>()], isLast);
        foreach (var flush in asked)
        {
            flush.Done.TrySetResult(result);
        }

        // A flush that came during the last round gets no other one.
        while (isLast && _flushes.TryDequeue(out var late))
        {
            late.Done.TrySetResult(default);
        }
    }

    private async Task<FlushResult> TryRunRoundAsync(IReadOnlyList<IdempotencyKey> keys, bool isLast)
    {
        try
        {
            return await round.RunAsync(keys, isLast, _deadline.Token, _hostDeadline.Token);
        }
#pragma warning disable CA1031 // An unhandled exception would end the loop.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.TrackingRoundFailed(e);
            return default;
        }
    }

    private async Task TryDeliverAsync()
    {
        try
        {
            await outboxDelivery.RunAsync(_deadline.Token, _hostDeadline.Token);
        }
#pragma warning disable CA1031 // An unhandled exception would end the loop.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.TrackingRoundFailed(e);
        }
    }

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct FlushRequest(TaskCompletionSource<FlushResult> Done, IdempotencyKey? Key);
}
