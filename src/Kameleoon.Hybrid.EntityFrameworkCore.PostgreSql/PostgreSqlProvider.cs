using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;

namespace Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql;

/// <summary>Stores in PostgreSQL, where servers lock rows against each other.</summary>
internal sealed class PostgreSqlProvider(string connectionString) : StoreProvider
{
    internal override string Now => "CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)";

    internal override string SkipLocked => "FOR UPDATE SKIP LOCKED";

    internal override string ShareLock => "FOR SHARE";

    internal override void Configure(DbContextOptionsBuilder options, int commandTimeout) => options.UseNpgsql(
        connectionString, npgsql => npgsql.CommandTimeout(commandTimeout).ConfigureDataSource(Quiet));

    internal override Task WaitForOthersAsync(KameleoonDbContext context, string name, CancellationToken cancellation) =>
        context.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock(hashtextextended({name}, 0))", cancellation);

    // The driver's own log and traces of commands say what the library's say.
    private static void Quiet(NpgsqlDataSourceBuilder source) => source
        .UseLoggerFactory(NullLoggerFactory.Instance)
        .ConfigureTracing(static tracing => tracing
            .ConfigureCommandFilter(static _ => false)
            .ConfigureBatchFilter(static _ => false)
            .EnablePhysicalOpenTracing(false));
}
