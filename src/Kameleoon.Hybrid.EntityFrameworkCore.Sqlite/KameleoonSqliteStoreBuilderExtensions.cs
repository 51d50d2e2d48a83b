using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid;
using Kameleoon.Hybrid.EntityFrameworkCore;
using Kameleoon.Hybrid.EntityFrameworkCore.Sqlite;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a SQLite file for visitor links, idempotency keys, events and sessions.</summary>
public static class KameleoonSqliteStoreBuilderExtensions
{
    /// <summary>Stores visitor links in a SQLite file, for one server.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="connectionString">For example <c>Data Source=kameleoon.db</c>. A file on a local disk: network
    /// shares do not lock reliably.</param>
    /// <param name="createSchema">Whether the tables are created where they are missing. Default true; otherwise create
    /// them by the script in docs/reference/tables.md.</param>
    /// <remarks>An application has one store; of several calls the last counts.</remarks>
    [RequiresUnreferencedCode(KameleoonDbContext.NotTrimmable)]
    [RequiresDynamicCode(KameleoonDbContext.NotTrimmable)]
    public static IKameleoonBuilder AddSqliteStore(
        this IKameleoonBuilder builder, string connectionString, bool createSchema = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        builder.Services.TryAddSingleton<UnusableDatabase>();
        return builder.AddStore(createSchema, services =>
            new SqliteProvider(connectionString, services.GetRequiredService<UnusableDatabase>()));
    }
}
