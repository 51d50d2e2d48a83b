using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Deletes idempotency keys older than two days, in batches, in the background.</summary>
internal sealed class IdempotencyKeyCleanup(KameleoonDatabase database, StoreProvider provider, TimeProvider clock)
    : BackgroundService
{
    internal const int BatchSize = 1000;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    /// <summary>Deletes all expired keys, one batch after the other.</summary>
    internal async Task DeleteExpiredAsync(CancellationToken cancellation)
    {
        await using var context = await database.OpenAsync(cancellation);
        var sql = $$"""
            DELETE FROM kameleoon_idempotency_keys WHERE (site_code, caller, key) IN (
                SELECT site_code, caller, key FROM kameleoon_idempotency_keys
                WHERE used_at < {{provider.Now}} - {0} LIMIT {1})
            """;
        object[] values = [(long)Lifetime.TotalMilliseconds, BatchSize];
        while (await context.Database.ExecuteSqlRawAsync(sql, values, cancellation) == BatchSize)
        {
            // A full batch: there may be more.
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await TryDeleteAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task TryDeleteAsync(CancellationToken cancellation)
    {
        try
        {
            await DeleteExpiredAsync(cancellation);
        }
#pragma warning disable CA1031 // Other callers report an unavailable database; the next run deletes the keys.
        catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
        {
            // The keys are deleted by a later run.
        }
    }
}
