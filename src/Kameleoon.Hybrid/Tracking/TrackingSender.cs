using System.Globalization;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;
using Polly.Timeout;

namespace Kameleoon.Hybrid;

/// <summary>Sends the queued events at each interval, and the rest when the application stops.</summary>
internal sealed class TrackingSender(
    TrackingQueue queue,
    TrackingClient client,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    KameleoonActivities activities,
    ILogger<TrackingSender> logger) : BackgroundService
{
    // Stopping ends the waiting between batches at once, but gives what is left some time to get out.
    private readonly CancellationTokenSource _deadline = new();

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await using var registration = cancellationToken.UnsafeRegister(
            static state => ((CancellationTokenSource)state!).Cancel(), _deadline);
        await using var timer = clock.CreateTimer(
            static state => ((CancellationTokenSource)state!).Cancel(),
            _deadline,
            options.Value.StopTimeout,
            Timeout.InfiniteTimeSpan);
        await base.StopAsync(cancellationToken);
        await SendAsync();
    }

    public override void Dispose()
    {
        _deadline.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.TrackingInterval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await SendAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An exception here would be logged as ours where another part of the application failed to start.
        }
    }

    private async Task SendAsync()
    {
        if (queue.TakeOverflowed() is var overflowed and > 0)
        {
            Drop(overflowed, "overflow");
        }

        foreach (var batch in TrackingBody.Split(queue.TakeAll()))
        {
            await SendAsync(batch);
        }
    }

    private async Task SendAsync(WrittenBody batch)
    {
        using var activity = activities.Send(options.Value.SiteCode);
        try
        {
            var status = await client.SendAsync(batch, _deadline.Token);
            if ((int)status is >= 200 and < 300)
            {
                metrics.EventsSent(batch.Count);
                logger.EventsSent(batch.Count);
            }
            else
            {
                var refusal = ErrorType.Of(status) ?? "unexpected_answer";
                KameleoonActivities.Failed(activity, refusal, "The data API refused.");
                Drop(batch.Count, "answer " + ((int)status).ToString(CultureInfo.InvariantCulture));
            }
        }
#pragma warning disable CA1031 // Whatever it is: an exception that got out of here would stop the application.
        catch (Exception e)
#pragma warning restore CA1031
        {
            KameleoonActivities.Failed(activity, ErrorType.Of(e), e.Message);
            Drop(batch.Count, e switch
            {
                TimeoutRejectedException or OperationCanceledException => "timeout",
                HttpRequestException or BrokenCircuitException => "unreachable",
                _ => "error",
            }, e);
        }
    }

    private void Drop(int count, string reason, Exception? exception = null)
    {
        metrics.EventsDropped(count, reason);
        var isSaid = exception is HttpRequestException or BrokenCircuitException;
        logger.EventsDropped(isSaid ? null : exception, count, reason);
    }
}
