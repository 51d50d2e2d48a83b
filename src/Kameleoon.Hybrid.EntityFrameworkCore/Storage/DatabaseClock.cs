using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>
/// SQL expressions for the database's current time in Unix milliseconds, so that all servers use one clock.
/// </summary>
internal static class DatabaseClock
{
    internal const string Sqlite = "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    internal const string PostgreSql = "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    internal static string SqlFor(KameleoonDbContext context) => context.Database.IsSqlite() ? Sqlite : PostgreSql;
}
