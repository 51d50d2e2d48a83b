namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The statements that change batches, each whole by itself. Leases run by the database's clock, which is one for
/// all nodes.</summary>
/// <param name="now">The current time in Unix milliseconds.</param>
/// <param name="passingOver">Passes over rows that others are changing.</param>
internal sealed class TrackingOutboxSql(string now, string passingOver)
{
    /// <summary>SQLite has one writer at a time, so that nothing can be passed over.</summary>
    internal static readonly TrackingOutboxSql Sqlite = new(DatabaseClock.Sqlite, "");

    internal static readonly TrackingOutboxSql PostgreSql = new(DatabaseClock.PostgreSql, "FOR UPDATE SKIP LOCKED");

    /// <summary>Id, site, body, bytes, events, creation, node, lease, limit. Changes no row where there is no room.</summary>
    internal string Store { get; } = $$"""
        INSERT INTO kameleoon_tracking_batches
            (batch_id, site_code, body, byte_count, event_count, created_at, claimed_by, claimed_until)
        SELECT {0}, {1}, {2}, {3}, {4}, {5}, {6}, {{now}} + {7}
        WHERE EXISTS (SELECT 1 FROM kameleoon_tracking_batches WHERE batch_id = {0})
            OR (SELECT COALESCE(SUM(byte_count), 0) FROM kameleoon_tracking_batches WHERE site_code = {1}) + {3} <= {8}
        ON CONFLICT (batch_id) DO UPDATE SET claimed_by = excluded.claimed_by, claimed_until = excluded.claimed_until
        """;

    /// <summary>Site, node, lease.</summary>
    internal string Claim { get; } = $$"""
        UPDATE kameleoon_tracking_batches SET claimed_by = {1}, claimed_until = {{now}} + {2}
        WHERE batch_id = (
            SELECT batch_id FROM kameleoon_tracking_batches
            WHERE site_code = {0} AND claimed_until <= {{now}}
            ORDER BY batch_id LIMIT 1 {{passingOver}})
        RETURNING *
        """;

    /// <summary>Id, node, delay. Whose lease has run out has nothing to give back.</summary>
    internal string Release { get; } = $$"""
        UPDATE kameleoon_tracking_batches SET claimed_until = {{now}} + {2} WHERE batch_id = {0} AND claimed_by = {1}
        """;
}
