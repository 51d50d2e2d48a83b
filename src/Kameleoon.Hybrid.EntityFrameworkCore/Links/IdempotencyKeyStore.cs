using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The keys of requests that were taken, for two days by the database's clock: those of servers differ.</summary>
internal sealed class IdempotencyKeyStore(
    KameleoonDatabase database, IOptions<KameleoonOptions> options) : IIdempotencyKeyStore
{
    internal const int AddsPerSweep = 1000;

    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(2);

    private readonly string _site = options.Value.SiteCode;
    private int _adds;

    public async ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var now = DatabaseClock.Of(context);
        if (Interlocked.Increment(ref _adds) % AddsPerSweep == 0)
        {
            var sweep = $$"""DELETE FROM kameleoon_idempotency_keys WHERE used_at < {{now}} - {0}""";
            await context.Database.ExecuteSqlRawAsync(sweep, [(long)Lifetime.TotalMilliseconds], cancellationToken);
        }

        var add = $$"""
            INSERT INTO kameleoon_idempotency_keys (site_code, caller, key, content, used_at) VALUES ({0}, {1}, {2}, {3}, {{now}})
            ON CONFLICT DO NOTHING
            """;
        if (await context.Database.ExecuteSqlRawAsync(add, [_site, caller, key, content], cancellationToken) == 1)
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
