using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Deletes keys of requests after two days, a few at a time and beside the requests, which need not wait.</summary>
internal sealed class IdempotencyKeySweeper(KameleoonDatabase database, TimeProvider clock) : BackgroundService
{
    internal const int BatchSize = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    internal async Task SweepAsync(CancellationToken cancellation)
    {
        await using var context = await database.OpenAsync(cancellation);
        var sql = $$"""
            DELETE FROM kameleoon_idempotency_keys WHERE (site_code, caller, key) IN (
                SELECT site_code, caller, key FROM kameleoon_idempotency_keys
                WHERE used_at < {{DatabaseClock.Of(context)}} - {0} LIMIT {1})
            """;
        object[] values = [(long)Lifetime.TotalMilliseconds, BatchSize];
        while (await context.Database.ExecuteSqlRawAsync(sql, values, cancellation) == BatchSize)
        {
            // There may be more.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TrySweepAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task TrySweepAsync(CancellationToken cancellation)
    {
        try
        {
            await SweepAsync(cancellation);
        }
#pragma warning disable CA1031 // A database that is away is somebody else's to tell; the next turn deletes more.
        catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // Nothing is lost.
        }
    }
}
