namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The SQL that creates the tables, in a form that both SQLite and PostgreSQL accept.</summary>
/// <remarks>
/// Published statements never change. Later versions add statements that leave existing tables as they are.
/// </remarks>
internal static class Schema
{
    internal const string Script = """
        CREATE TABLE IF NOT EXISTS kameleoon_visitor_links (
            site_code    TEXT   NOT NULL,
            visitor_code TEXT   NOT NULL,
            user_key     TEXT   NOT NULL,
            linked_at    BIGINT NOT NULL,
            merged_into  TEXT   NULL,
            PRIMARY KEY (site_code, visitor_code)
        );
        CREATE UNIQUE INDEX IF NOT EXISTS kameleoon_visitor_links_user
            ON kameleoon_visitor_links (site_code, user_key) WHERE merged_into IS NULL;
        CREATE INDEX IF NOT EXISTS kameleoon_visitor_links_history
            ON kameleoon_visitor_links (site_code, user_key);
        CREATE TABLE IF NOT EXISTS kameleoon_idempotency_keys (
            site_code    TEXT   NOT NULL,
            caller       TEXT   NOT NULL,
            key          TEXT   NOT NULL,
            content      TEXT   NOT NULL,
            used_at      BIGINT NOT NULL,
            is_confirmed BIGINT NOT NULL,
            claimed_by   TEXT   NOT NULL,
            PRIMARY KEY (site_code, caller, key)
        );
        CREATE INDEX IF NOT EXISTS kameleoon_idempotency_keys_age ON kameleoon_idempotency_keys (used_at);
        CREATE TABLE IF NOT EXISTS kameleoon_tracking_batches (
            batch_id      TEXT   NOT NULL PRIMARY KEY,
            site_code     TEXT   NOT NULL,
            byte_count    BIGINT NOT NULL,
            event_count   BIGINT NOT NULL,
            created_at    BIGINT NOT NULL,
            claimed_by    TEXT   NOT NULL,
            claimed_until BIGINT NOT NULL,
            body          BYTEA  NOT NULL
        );
        CREATE INDEX IF NOT EXISTS kameleoon_tracking_batches_order ON kameleoon_tracking_batches
            (site_code, batch_id, claimed_until, byte_count, event_count, created_at);
        CREATE TABLE IF NOT EXISTS kameleoon_visitor_sessions (
            site_code    TEXT   NOT NULL,
            visitor_code TEXT   NOT NULL,
            name         TEXT   NOT NULL,
            value        TEXT   NOT NULL,
            node         TEXT   NOT NULL,
            changed_at   BIGINT NOT NULL,
            seen_at      BIGINT NOT NULL,
            PRIMARY KEY (site_code, visitor_code, name)
        );
        CREATE INDEX IF NOT EXISTS kameleoon_visitor_sessions_changes ON kameleoon_visitor_sessions (site_code, changed_at);
        CREATE INDEX IF NOT EXISTS kameleoon_visitor_sessions_age ON kameleoon_visitor_sessions (site_code, seen_at);
        """;
}
