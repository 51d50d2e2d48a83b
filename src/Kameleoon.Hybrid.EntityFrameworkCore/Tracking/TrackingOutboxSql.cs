namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The statements that need the time, each whole by itself. Leases run and batches age by the database's clock,
/// which is one for all nodes.</summary>
/// <param name="now">The current time in Unix milliseconds.</param>
/// <param name="passingOver">Passes over rows that others are changing.</param>
internal sealed class TrackingOutboxSql(string now, string passingOver)
{
    /// <summary>SQLite has one writer at a time, so that nothing can be passed over.</summary>
    internal static readonly TrackingOutboxSql Sqlite = new(DatabaseClock.Sqlite, "");

    internal static readonly TrackingOutboxSql PostgreSql = new(DatabaseClock.PostgreSql, "FOR UPDATE SKIP LOCKED");

    /// <summary>Id, site, body, bytes, events, age, node, lease, limit. Changes no row where there is no room.</summary>
    internal string Store { get; } = $$"""
        INSERT INTO kameleoon_tracking_batches
            (batch_id, site_code, body, byte_count, event_count, created_at, claimed_by, claimed_until)
        SELECT {0}, {1}, {2}, {3}, {4}, {{now}} - {5}, {6}, {{now}} + {7}
        WHERE EXISTS (SELECT 1 FROM kameleoon_tracking_batches WHERE batch_id = {0})
            OR (SELECT COALESCE(SUM(byte_count), 0) FROM kameleoon_tracking_batches WHERE site_code = {1}) + {3} <= {8}
        ON CONFLICT (batch_id) DO UPDATE SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
        """;

    /// <summary>Site, node, lease. Gives <see cref="ClaimedBatch"/>.</summary>
    internal string Claim { get; } = $$"""
        UPDATE kameleoon_tracking_batches SET claimed_by = {1}, claimed_until = {{now}} + {2}
        WHERE batch_id = (
            SELECT batch_id FROM kameleoon_tracking_batches
            WHERE site_code = {0} AND claimed_until <= {{now}}
            ORDER BY batch_id LIMIT 1 {{passingOver}})
        RETURNING batch_id AS "BatchId", body AS "Body", event_count AS "EventCount", {{now}} - created_at AS "Age"
        """;

    /// <summary>Id, node, delay. Whose lease has run out has nothing to give back.</summary>
    internal string Release { get; } = $$"""
        UPDATE kameleoon_tracking_batches SET claimed_until = {{now}} + {2} WHERE batch_id = {0} AND claimed_by = {1}
        """;

    /// <summary>Site. Gives <see cref="Backlog"/>.</summary>
    internal string Count { get; } = $$"""
        SELECT CAST(COALESCE(SUM(event_count), 0) AS BIGINT) AS "EventCount", {{now}} - MIN(created_at) AS "Age"
        FROM kameleoon_tracking_batches WHERE site_code = {0}
        """;

    /// <param name="BatchId">Hexadecimal digits.</param>
    /// <param name="Body">The events.</param>
    /// <param name="EventCount">How many.</param>
    /// <param name="Age">In milliseconds.</param>
    internal sealed record ClaimedBatch(string BatchId, byte[] Body, long EventCount, long Age);

    /// <param name="EventCount">How many events wait.</param>
    /// <param name="Age">Of the oldest batch, in milliseconds; null where nothing waits.</param>
    internal sealed record Backlog(long EventCount, long? Age);
}
