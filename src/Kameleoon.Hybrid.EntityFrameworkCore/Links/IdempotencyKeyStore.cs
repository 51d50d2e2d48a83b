using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Stores the idempotency keys of accepted requests, with times of the database's clock.</summary>
internal sealed class IdempotencyKeyStore(
    KameleoonDatabase database, IOptions<KameleoonOptions> options) : IIdempotencyKeyStore, IStoresKeysWithBatches
{
    private readonly string _site = options.Value.SiteCode;
    private readonly long _lease = (long)Math.Ceiling(options.Value.Identity.KeyLease.TotalMilliseconds);

    public async ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var now = DatabaseClock.SqlFor(context);
        var claim = $$"""
            INSERT INTO kameleoon_idempotency_keys (site_code, caller, key, content, used_at, is_confirmed)
            VALUES ({0}, {1}, {2}, {3}, {{now}}, 0)
            ON CONFLICT (site_code, caller, key) DO UPDATE SET used_at = excluded.used_at
            WHERE kameleoon_idempotency_keys.is_confirmed = 0
                AND kameleoon_idempotency_keys.content = excluded.content
                AND kameleoon_idempotency_keys.used_at < excluded.used_at - {4}
            """;
        object[] values = [_site, caller, key, content, _lease];
        if (await context.Database.ExecuteSqlRawAsync(claim, values, cancellationToken) == 1)
        {
            return IdempotencyClaim.New;
        }

        var earlier = await RowsOf(context, caller, key).AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        return earlier is null ? IdempotencyClaim.Pending
            : !string.Equals(earlier.Content, content, StringComparison.Ordinal) ? IdempotencyClaim.Other
            : earlier.IsConfirmed == 0 ? IdempotencyClaim.Pending
            : IdempotencyClaim.Repeated;
    }

    public async ValueTask ConfirmAsync(string caller, string key, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await IdempotencyKeyRow.ConfirmAsync(context, _site, caller, key, cancellationToken);
    }

    public async ValueTask ReleaseAsync(string caller, string key, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await RowsOf(context, caller, key).Where(row => row.IsConfirmed == 0).ExecuteDeleteAsync(cancellationToken);
    }

    private IQueryable<IdempotencyKeyRow> RowsOf(KameleoonDbContext context, string caller, string key) =>
        context.IdempotencyKeys.Where(row => row.SiteCode == _site && row.Caller == caller && row.Key == key);
}
