using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>The database's current time in Unix milliseconds, in its SQL: one clock for all servers.</summary>
internal static class DatabaseClock
{
    internal const string Sqlite = "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    internal const string PostgreSql = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    internal static string Of(KameleoonDbContext context) => context.Database.IsSqlite() ? Sqlite : PostgreSql;
}
