using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid;
using Kameleoon.Hybrid.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers a database for visitor links, idempotency keys, events and shared sessions.</summary>
public static class KameleoonStoreBuilderExtensions
{
    /// <summary>Stores visitor links in a SQLite file, for one server.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="connectionString">For example <c>Data Source=kameleoon.db</c>. A file on a local disk: network
    /// shares do not lock reliably.</param>
    /// <param name="createSchema">Whether the tables are created where they are missing. Default true; otherwise create
    /// them by the script in docs/identity.md.</param>
    /// <remarks>An application has one store; of several calls the last counts.</remarks>
    [RequiresUnreferencedCode(KameleoonDbContext.NotTrimmable)]
    [RequiresDynamicCode(KameleoonDbContext.NotTrimmable)]
    public static IKameleoonBuilder AddSqliteStore(
        this IKameleoonBuilder builder, string connectionString, bool createSchema = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.AddStore(createSchema, (options, timeout) => options.UseSqlite(
            connectionString, sqlite => sqlite.CommandTimeout(timeout)));
    }

    /// <summary>Stores visitor links in PostgreSQL, for any number of servers.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="connectionString">For example <c>Host=db;Database=shop;Username=shop;Password=…</c>.</param>
    /// <param name="createSchema">Whether the tables are created where they are missing. Default true; otherwise create
    /// them by the script in docs/identity.md.</param>
    /// <remarks>An application has one store; of several calls the last counts.</remarks>
    [RequiresUnreferencedCode(KameleoonDbContext.NotTrimmable)]
    [RequiresDynamicCode(KameleoonDbContext.NotTrimmable)]
    public static IKameleoonBuilder AddPostgreSqlStore(
        this IKameleoonBuilder builder, string connectionString, bool createSchema = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.AddStore(createSchema, (options, timeout) => options.UseNpgsql(
            connectionString, npgsql => npgsql.CommandTimeout(timeout).ConfigureDataSource(QuietStore.Configure)));
    }

    /// <summary>Stores events in the database of <see cref="AddSqliteStore"/> or <see cref="AddPostgreSqlStore"/> until
    /// the platform has accepted them, so that a restart does not lose them.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>Servers that share a PostgreSQL database also send each other's events. <c>Tracking:MaxOutboxBytes</c>
    /// limits the
    /// size.</remarks>
    public static IKameleoonBuilder AddTrackingOutbox(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<ITrackingOutbox, TrackingOutbox>());
        return builder.RequireStore();
    }

    /// <summary>Shares consent, custom data and forced variations of visitors between the servers of a farm, through
    /// the database of <see cref="AddPostgreSqlStore"/>.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>A server reads a visitor's session on the visitor's first request to it, within
    /// <c>SharedSessions:Timeout</c>,
    /// and receives later changes after about a second.</remarks>
    public static IKameleoonBuilder AddSharedSessions(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IVisitorSessionStore, VisitorSessionStore>());
        return builder.RequireStore();
    }

    private static IKameleoonBuilder RequireStore(this IKameleoonBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, StoreValidator>());
        return builder;
    }

    [RequiresUnreferencedCode(KameleoonDbContext.NotTrimmable)]
    [RequiresDynamicCode(KameleoonDbContext.NotTrimmable)]
    private static IKameleoonBuilder AddStore(
        this IKameleoonBuilder builder, bool createSchema, Action<DbContextOptionsBuilder, int> configure)
    {
        var services = builder.Services;
        services.RemoveAll<StoreOptions>();
        services.AddSingleton(new StoreOptions(createSchema, configure));
        services.AddPooledDbContextFactory<KameleoonDbContext>(static (provider, options) =>
        {
            // Callers cancel after the same time; this also ends commands that cannot be cancelled.
            var timeout = provider.GetRequiredService<IOptions<KameleoonOptions>>().Value.Identity.Timeout;
            provider.GetRequiredService<StoreOptions>().Configure(options, (int)Math.Ceiling(timeout.TotalSeconds));
            QuietStore.Configure(
                options, provider.GetRequiredService<CommandTraces>(), provider.GetRequiredService<UnusableDatabase>());
        });
        services.TryAddSingleton<CommandTraces>();
        services.TryAddSingleton<UnusableDatabase>();
        services.TryAddSingleton<KameleoonDatabase>();
        services.Replace(ServiceDescriptor.Singleton<IVisitorLinkStore, VisitorLinkStore>());
        services.Replace(ServiceDescriptor.Singleton<IIdempotencyKeyStore, IdempotencyKeyStore>());
        services.AddHostedService<DatabaseWarmUp>();
        services.AddHostedService<IdempotencyKeyCleanup>();
        return builder;
    }
}
