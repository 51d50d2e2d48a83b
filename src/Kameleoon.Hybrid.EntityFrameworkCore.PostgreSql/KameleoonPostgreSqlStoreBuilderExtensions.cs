using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid;
using Kameleoon.Hybrid.EntityFrameworkCore;
using Kameleoon.Hybrid.EntityFrameworkCore.PostgreSql;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a PostgreSQL database for visitor links, idempotency keys, events and shared sessions.</summary>
public static class KameleoonPostgreSqlStoreBuilderExtensions
{
    /// <summary>Stores visitor links in PostgreSQL, for any number of servers.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="connectionString">For example <c>Host=db;Database=shop;Username=shop;Password=…</c>.</param>
    /// <param name="createSchema">Whether the tables are created where they are missing. Default true; otherwise create
    /// them by the script in docs/reference/tables.md.</param>
    /// <remarks>An application has one store; of several calls the last counts.</remarks>
    [RequiresUnreferencedCode(KameleoonDbContext.NotTrimmable)]
    [RequiresDynamicCode(KameleoonDbContext.NotTrimmable)]
    public static IKameleoonBuilder AddPostgreSqlStore(
        this IKameleoonBuilder builder, string connectionString, bool createSchema = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.AddStore(createSchema, _ => new PostgreSqlProvider(connectionString));
    }
}
