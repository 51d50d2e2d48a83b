using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The keys of requests that were taken, for two days, so that clocks that differ by hours make none of them
/// too young to be kept.</summary>
internal sealed class IdempotencyKeyStore(
    KameleoonDatabase database, IOptions<KameleoonOptions> options) : IIdempotencyKeyStore
{
    private const int AddsPerSweep = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly string _site = options.Value.SiteCode;
    private int _adds;

    public async ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        if (Interlocked.Increment(ref _adds) % AddsPerSweep == 0)
        {
            var oldest = (now - Lifetime).ToUnixTimeMilliseconds();
            await context.IdempotencyKeys.Where(row => row.UsedAt < oldest).ExecuteDeleteAsync(cancellationToken);
        }

        if (await context.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO kameleoon_idempotency_keys (site_code, caller, key, content, used_at)
            VALUES ({_site}, {caller}, {key}, {content}, {now.ToUnixTimeMilliseconds()})
            ON CONFLICT DO NOTHING
            """,
            cancellationToken) == 1)
        {
            return IdempotencyClaim.New;
        }

        var earlier = await context.IdempotencyKeys
            .Where(row => row.SiteCode == _site && row.Caller == caller && row.Key == key)
            .Select(row => row.Content)
            .FirstOrDefaultAsync(cancellationToken);
        return string.Equals(earlier, content, StringComparison.Ordinal)
            ? IdempotencyClaim.Repeated
            : IdempotencyClaim.Other;
    }
}
