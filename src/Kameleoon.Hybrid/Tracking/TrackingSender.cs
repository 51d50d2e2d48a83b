using System.Collections.Concurrent;
using System.Threading.Channels;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Sends the queued events at each interval or when somebody asks for it, and the rest when the application
/// stops.</summary>
internal sealed class TrackingSender(
    TrackingRound round,
    TrackingQueue queue,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    ILogger<TrackingSender> logger) : BackgroundService
{
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private readonly ConcurrentQueue<TaskCompletionSource<bool>> _waiting = new();

    // Stopping ends the waiting between rounds at once, but gives what is left some time to get out.
    private readonly CancellationTokenSource _deadline = new();

    // An outbox is given as long as the host gives.
    private readonly CancellationTokenSource _hostDeadline = new();
    private bool _isOver;

    /// <summary>Sends what waits now.</summary>
    /// <returns>Whether it is safe: with the platform, or in the outbox.</returns>
    internal Task<bool> FlushAsync(CancellationToken cancellationToken)
    {
        var done = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waiting.Enqueue(done);
        _wakes.Writer.TryWrite(true);
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
            await foreach (var _ in _wakes.Reader.ReadAllAsync(stoppingToken))
            {
                await RunRoundAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An exception here would be logged as ours where another part of the application failed to start.
        }
    }

    // A round can take longer than an interval, and what comes meanwhile has to keep its age.
    private void Wake()
    {
        queue.CloseOld();
        _wakes.Writer.TryWrite(true);
    }

    private void EndNow()
    {
        _deadline.Cancel();
        _hostDeadline.Cancel();
    }

    private async Task RunRoundAsync(bool isLast = false)
    {
        var asked = _waiting.Count;
        var isSafe = await TryRunRoundAsync(isLast);
        for (; asked > 0 || isLast; asked--)
        {
            if (!_waiting.TryDequeue(out var done))
            {
                return;
            }

            done.TrySetResult(isSafe);
        }
    }

    private async Task<bool> TryRunRoundAsync(bool isLast)
    {
        try
        {
            return await round.RunAsync(isLast, _deadline.Token, _hostDeadline.Token);
        }
#pragma warning disable CA1031 // Whatever it is: an exception that got out of here would stop the application.
        catch (Exception e)
#pragma warning restore CA1031
        {
            logger.TrackingRoundFailed(e);
            return false;
        }
    }
}
