using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Exchanges the counts of experiments with the other servers of a farm every ten seconds.</summary>
internal sealed class FarmCounts(
    TrustMonitor monitor,
    TimeProvider clock,
    IOptions<KameleoonOptions> options,
    ILogger<FarmCounts> logger,
    IExperimentFeed? feed = null) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);

    private readonly SemaphoreSlim _exchanging = new(1, 1);
    private readonly StoreGuard _guard = new(
        TimeSpan.FromSeconds(5), clock, new StoreMessages(logger.ExperimentFeedUnavailable, logger.ExperimentFeedRecovered));

    // Experiments of several environments have the same ids, and may have one store.
    private readonly ulong _environment = WindowMessage.Stamp(options.Value.Environment ?? "");

    private string? _after;

    /// <summary>Tells the other servers what this one counted, and counts what they tell.</summary>
    internal async Task ExchangeAsync(CancellationToken cancellation)
    {
        await _exchanging.WaitAsync(cancellation);
        try
        {
            // What others know already need not be told again.
            if (await ReadAsync(cancellation))
            {
                await AddAsync(cancellation);
            }
        }
        finally
        {
            _exchanging.Release();
        }
    }

    public override void Dispose()
    {
        base.Dispose();
        _exchanging.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (feed is null)
        {
            return;
        }

        try
        {
#pragma warning disable CA5394 // So that servers that start together do not call together.
            await Task.Delay(Interval * Random.Shared.NextDouble(), clock, stoppingToken);
#pragma warning restore CA5394
            using var timer = new PeriodicTimer(Interval, clock);
            do
            {
                await ExchangeAsync(stoppingToken);
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task<bool> ReadAsync(CancellationToken cancellation)
    {
        while (true)
        {
            var reply = await _guard.AskAsync(token => feed!.ReadAsync(_after, token), StoreCaller.Request, cancellation);
            if (reply is not { IsDone: true, Answer: { } page })
            {
                return false;
            }

            foreach (var message in page.Messages)
            {
                if (WindowMessage.TryRead(message.Span) is { } read)
                {
                    monitor.Find(read.ExperimentId)?.Merge(read with { Fingerprint = read.Fingerprint ^ _environment });
                }
            }

            _after = page.Next;
            if (page.Messages.Count == 0)
            {
                return true;
            }
        }
    }

    private async Task AddAsync(CancellationToken cancellation)
    {
        foreach (var tally in monitor.Experiments)
        {
            while (tally.FindChanges() is { } message)
            {
                var bytes = (message with { Fingerprint = message.Fingerprint ^ _environment }).Write();
                var reply = await _guard.RunAsync(token => feed!.AddAsync(bytes, token), StoreCaller.Request, cancellation);
                if (!reply.IsDone)
                {
                    return;
                }

                tally.Confirm(message);
            }
        }
    }
}
