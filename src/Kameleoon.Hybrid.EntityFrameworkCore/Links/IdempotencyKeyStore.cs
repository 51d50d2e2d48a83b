using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Stores the idempotency keys of accepted requests, with times of the database's clock.</summary>
internal sealed class IdempotencyKeyStore(
    KameleoonDatabase database, StoreProvider provider, IOptions<KameleoonOptions> options)
    : IIdempotencyKeyStore, IStoresKeysWithBatches
{
    private readonly string _site = options.Value.SiteCode;
    private readonly long _lease = (long)Math.Ceiling(options.Value.Identity.KeyLease.TotalMilliseconds);

    public async ValueTask<IdempotencyClaim> ClaimAsync(
        IdempotencyKey key, string content, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        var claim = $$"""
            INSERT INTO kameleoon_idempotency_keys (site_code, caller, key, content, used_at, is_confirmed, claimed_by)
            VALUES ({0}, {1}, {2}, {3}, {{provider.Now}}, 0, {5})
            ON CONFLICT (site_code, caller, key) DO UPDATE SET used_at = excluded.used_at, claimed_by = excluded.claimed_by
            WHERE kameleoon_idempotency_keys.is_confirmed = 0
                AND kameleoon_idempotency_keys.content = excluded.content
                AND kameleoon_idempotency_keys.used_at < excluded.used_at - {4}
            """;
        object[] values = [_site, key.Caller, key.Key, content, _lease, IdempotencyKeyRow.TextOf(key.Attempt)];
        if (await context.Database.ExecuteSqlRawAsync(claim, values, cancellationToken) == 1)
        {
            return IdempotencyClaim.New;
        }

        var earlier = await context.IdempotencyKeys
            .Where(row => row.SiteCode == _site && row.Caller == key.Caller && row.Key == key.Key)
            .AsNoTracking().FirstOrDefaultAsync(cancellationToken);
        return earlier is null ? IdempotencyClaim.Pending
            : !string.Equals(earlier.Content, content, StringComparison.Ordinal) ? IdempotencyClaim.Other
            : earlier.IsConfirmed == 0 ? IdempotencyClaim.Pending
            : IdempotencyClaim.Repeated;
    }

    public async ValueTask<string?> FindCallerAsync(
        IReadOnlyCollection<string> callers, string key, string content, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        return await context.IdempotencyKeys
            .Where(row => row.SiteCode == _site && row.Key == key && row.Content == content && callers.Contains(row.Caller))
            .OrderByDescending(row => row.IsConfirmed).Select(row => row.Caller).FirstOrDefaultAsync(cancellationToken);
    }

    public async ValueTask ConfirmAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await IdempotencyKeyRow.ConfirmAsync(context, _site, key, cancellationToken);
    }

    public async ValueTask ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken)
    {
        await using var context = await database.OpenAsync(cancellationToken);
        await IdempotencyKeyRow.ClaimedAs(context, _site, key)
            .Where(row => row.IsConfirmed == 0).ExecuteDeleteAsync(cancellationToken);
    }
}
