namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The SQL statements of the outbox that use the current time.</summary>
/// <remarks>Leases and ages use the database's clock, which is the same for all servers.</remarks>
/// <param name="provider">The kind of database.</param>
internal sealed class TrackingOutboxSql(StoreProvider provider)
{
    /// <summary>Stores a batch; changes no row when the outbox is full. Parameters: id, site, body, bytes, events, age,
    /// node, lease, limit.</summary>
    internal string Store { get; } = $$"""
        INSERT INTO kameleoon_tracking_batches
            (batch_id, site_code, body, byte_count, event_count, created_at, claimed_by, claimed_until)
        SELECT {0}, {1}, {2}, {3}, {4}, {{provider.Now}} - {5}, {6}, {{provider.Now}} + {7}
        WHERE EXISTS (SELECT 1 FROM kameleoon_tracking_batches WHERE batch_id = {0})
            OR (SELECT COALESCE(SUM(byte_count), 0) FROM kameleoon_tracking_batches WHERE site_code = {1}) + {3} <= {8}
        ON CONFLICT (batch_id) DO UPDATE SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
        """;

    /// <summary>
    /// Claims the oldest free batch and returns <see cref="ClaimedBatch"/>. Parameters: site, node, lease.
    /// </summary>
    internal string Claim { get; } = $$"""
        UPDATE kameleoon_tracking_batches SET claimed_by = {1}, claimed_until = {{provider.Now}} + {2}
        WHERE batch_id = (
            SELECT batch_id FROM kameleoon_tracking_batches
            WHERE site_code = {0} AND claimed_until <= {{provider.Now}}
            ORDER BY batch_id LIMIT 1 {{provider.SkipLocked}})
        RETURNING batch_id AS "BatchId", body AS "Body", event_count AS "EventCount", {{provider.Now}} - created_at AS "Age"
        """;

    /// <summary>
    /// Ends the lease after a delay, unless another server claimed the batch. Parameters: id, node, delay.
    /// </summary>
    internal string Release { get; } = $$"""
        UPDATE kameleoon_tracking_batches SET claimed_until = {{provider.Now}} + {2} WHERE batch_id = {0} AND claimed_by = {1}
        """;

    /// <summary>Counts the waiting events and returns <see cref="Backlog"/>. Parameter: site.</summary>
    internal string Count { get; } = $$"""
        SELECT CAST(COALESCE(SUM(event_count), 0) AS BIGINT) AS "EventCount", {{provider.Now}} - MIN(created_at) AS "Age"
        FROM kameleoon_tracking_batches WHERE site_code = {0}
        """;

    /// <summary>A batch that this server claimed.</summary>
    /// <param name="BatchId">Hexadecimal digits.</param>
    /// <param name="Body">The events, as the platform receives them.</param>
    /// <param name="EventCount">The number of events.</param>
    /// <param name="Age">The age in milliseconds.</param>
    internal sealed record ClaimedBatch(string BatchId, byte[] Body, long EventCount, long Age);

    /// <summary>The batches that wait for the platform.</summary>
    /// <param name="EventCount">The number of waiting events.</param>
    /// <param name="Age">The age of the oldest batch in milliseconds; null when nothing waits.</param>
    internal sealed record Backlog(long EventCount, long? Age);
}
