using System.Collections.Concurrent;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Runs a tracking round at each interval, on request, and when the application stops.</summary>
internal sealed class TrackingSender(
    TrackingRound round,
    TrackingQueue queue,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    ILogger<TrackingSender> logger) : BackgroundService
{
    private readonly WakeSignal _wake = new();

    private readonly ConcurrentQueue<TaskCompletionSource<bool>> _flushes = new();

    // Stopping ends the wait between rounds at once, and leaves the last round StopTimeout to send.
    private readonly CancellationTokenSource _deadline = new();

    // Storing in the outbox may take until the host's own deadline.
    private readonly CancellationTokenSource _hostDeadline = new();
    private bool _isOver;

    /// <summary>Sends the events that wait now. Safe for concurrent use.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the sending.</param>
    /// <returns>Whether every event is durable: accepted by the platform, or stored in the outbox.</returns>
    internal Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _flushes.Enqueue(done);
        _wake.Set();
        if (Volatile.Read(ref _isOver))
        {
            done.TrySetResult(false);
        }

        return done.Task.WaitAsync(cancellationToken);
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((TrackingSender)state!).EndNow(), this);
        await using var timer = clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(),
            _deadline,
            options.Value.StopTimeout,
            Timeout.InfiniteTimeSpan);
        await base.StopAsync(cancellationToken);
        await (ExecuteTask ?? Task.CompletedTask).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        Volatile.Write(ref _isOver, true);
        await RunRoundAsync(isLast: true);
        round.DropRest();
    }

    public override void Dispose()
    {
        _deadline.Dispose();
        _hostDeadline.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await using var timer = clock.CreateTimer(
            static state => ((TrackingSender)state!).Wake(),
            this,
            options.Value.TrackingInterval,
            options.Value.TrackingInterval);
        try
        {
            await foreach (var _ in _wake.WaitAsync(stoppingToken))
            {
                await RunRoundAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops. Rethrowing would log an error when another service failed to start.
        }
    }

    // A round can take longer than an interval. Events that arrive meanwhile must still expire in time.
    private void Wake()
    {
        queue.CloseOldBlocks();
        _wake.Set();
    }

    private void EndNow()
    {
        _deadline.Cancel();
        _hostDeadline.Cancel();
    }

    private async Task RunRoundAsync(bool isLast = false)
    {
        var asked = _flushes.Count;
        var isDurable = await TryRunRoundAsync(isLast);
        for (; asked > 0 || isLast; asked--)
        {
            if (!_flushes.TryDequeue(out var done))
            {
                return;
            }

            done.TrySetResult(isDurable);
        }
    }

    private async Task<bool> TryRunRoundAsync(bool isLast)
    {
        try
        {
            return await round.RunAsync(isLast, _deadline.Token, _hostDeadline.Token);
        }
#pragma warning disable CA1031 // An unhandled exception in a background service would stop the application.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.TrackingRoundFailed(e);
            return false;
        }
    }
}
