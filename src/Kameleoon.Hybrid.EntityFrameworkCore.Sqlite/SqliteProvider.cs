using Microsoft.EntityFrameworkCore;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Sqlite;

/// <summary>Stores in a SQLite file, which has one writer at a time and therefore needs no locks of rows.</summary>
internal sealed class SqliteProvider(string connectionString, UnusableDatabase unusable) : StoreProvider
{
    internal override string Now => "CAST(unixepoch('now', 'subsec') * 1000 AS INTEGER)";

    internal override string SkipLocked => "";

    internal override string ShareLock => "";

    internal override void Configure(DbContextOptionsBuilder options, int commandTimeout) => options
        .UseSqlite(connectionString, sqlite => sqlite.CommandTimeout(commandTimeout))
        .AddInterceptors(unusable);

    /// <summary>Lets readers work while a writer is active.</summary>
    internal override Task PrepareAsync(KameleoonDbContext context, CancellationToken cancellation) =>
        context.Database.ExecuteSqlRawAsync("PRAGMA journal_mode = WAL;", cancellation);

    internal override async Task CheckAsync(KameleoonDbContext context, CancellationToken cancellation)
    {
        context.Database.SetCommandTimeout(0);
        var found = await context.Database.SqlQueryRaw<string>("PRAGMA quick_check(1)").ToListAsync(cancellation);
        unusable.NoteCheck(context.Database.GetDbConnection().DataSource, found is [var result, ..] ? result : "ok");
    }

    internal override void ThrowIfDamaged() => unusable.ThrowIfDamaged();
}
