using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>
/// Stores batches of events in a database until the platform accepts them; each call is one statement or one transaction.
/// </summary>
/// <remarks>A full outbox rejects new batches and keeps the stored ones. Rejected batches wait in memory, where
/// exposures are dropped before conversions.</remarks>
internal sealed class TrackingOutbox(
    KameleoonDatabase database, StoreProvider provider, IIdempotencyKeyStore keys, IOptions<KameleoonOptions> options,
    TimeProvider clock) : ITrackingOutbox
{
    // The size of a row without its body, so that the limit also bounds the number of rows.
    private const int RowBytes = 1024;

    // Longer than for links, because no page waits for these statements.
    private static readonly TimeSpan CommandTimeout = TimeSpan.FromSeconds(30);

    private readonly TrackingOutboxSql _sql = new(provider);
    private readonly string _node = Guid.NewGuid().ToString("N");
    private readonly long _maxBytes = options.Value.Tracking.MaxOutboxBytes;

    public bool ConfirmsKeys => keys is IStoresKeysWithBatches;

    public async Task StoreAsync(TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        await using var context = await OpenAsync(cancellationToken);
        await StoreAsync(context, batch, lease, cancellationToken);
    }

    public async Task StoreAsync(
        TrackingBatch batch, TimeSpan lease, IReadOnlyList<IdempotencyKey> confirmed, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(confirmed);
        await using var context = await OpenAsync(cancellationToken);
        await using var transaction = await context.Database.BeginTransactionAsync(cancellationToken);
        await StoreAsync(context, batch, lease, cancellationToken);

        // In one order on every server, so that two transactions cannot wait for each other.
        foreach (var key in confirmed.OrderBy(static one => one.Caller, StringComparer.Ordinal).ThenBy(static one => one.Key, StringComparer.Ordinal))
        {
            await IdempotencyKeyRow.ConfirmAsync(context, batch.SiteCode, key, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async Task<TrackingBatch?> ClaimAsync(string siteCode, TimeSpan lease, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var claimed = await context.Database
            .SqlQueryRaw<TrackingOutboxSql.ClaimedBatch>(_sql.Claim, siteCode, _node, Milliseconds(lease))
            .ToListAsync(cancellationToken);
        return claimed is [var batch]
            ? new(Guid.ParseExact(batch.BatchId, "N"), siteCode, batch.Body, (int)batch.EventCount, Since(batch.Age))
            : null;
    }

    public async Task CompleteAsync(Guid batchId, CancellationToken cancellationToken)
    {
        var id = Text(batchId);
        await using var context = await OpenAsync(cancellationToken);
        await context.TrackingBatches.Where(row => row.BatchId == id).ExecuteDeleteAsync(cancellationToken);
    }

    public async Task ReleaseAsync(Guid batchId, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        await context.Database.ExecuteSqlRawAsync(
            _sql.Release, [Text(batchId), _node, Milliseconds(delay)], cancellationToken);
    }

    public async Task<TrackingBacklog> GetBacklogAsync(string siteCode, CancellationToken cancellationToken)
    {
        await using var context = await OpenAsync(cancellationToken);
        var backlog = (await context.Database
            .SqlQueryRaw<TrackingOutboxSql.Backlog>(_sql.Count, siteCode).ToListAsync(cancellationToken))[0];
        return new(backlog.EventCount, backlog.Age is { } age ? Since(age) : null);
    }

    private async Task StoreAsync(
        KameleoonDbContext context, TrackingBatch batch, TimeSpan lease, CancellationToken cancellationToken)
    {
        var maxBytes = batch.MaxOutboxBytes ?? _maxBytes;
        object[] values =
        [
            Text(batch.Id), batch.SiteCode, batch.Body.ToArray(), (long)batch.Body.Length + RowBytes,
            (long)batch.EventCount, Milliseconds(clock.GetUtcNow() - batch.CreatedAt), _node, Milliseconds(lease), maxBytes,
        ];
        if (await context.Database.ExecuteSqlRawAsync(_sql.Store, values, cancellationToken) == 0)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The outbox is full: it holds {maxBytes} bytes at most (Kameleoon:Tracking:MaxOutboxBytes)."));
        }
    }

    // By this server's clock, which may differ from the clock of the server that wrote the batch.
    private DateTimeOffset Since(long age) => clock.GetUtcNow() - TimeSpan.FromMilliseconds(age);

    private async ValueTask<KameleoonDbContext> OpenAsync(CancellationToken cancellation)
    {
        var context = await database.OpenAsync(cancellation);
        context.Database.SetCommandTimeout(CommandTimeout);
        return context;
    }

    private static string Text(Guid id) => id.ToString("N");

    private static long Milliseconds(TimeSpan time) => (long)Math.Ceiling(time.TotalMilliseconds);
}
