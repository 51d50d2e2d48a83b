using Kameleoon.Hybrid;
using Kameleoon.Hybrid.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Keeps in a database what must outlive the process.</summary>
public static class KameleoonStoreBuilderExtensions
{
    /// <summary>Keeps visitor links in a SQLite file, for one server.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="connectionString">For example <c>Data Source=kameleoon.db</c>. A file on a local disk: network shares
    /// do not lock reliably.</param>
    /// <param name="createSchema">Whether the tables are created where they are missing. Default true; otherwise create
    /// them by the script in docs/identity.md.</param>
    /// <remarks>An application has one store; of several calls the last wins.</remarks>
    public static IKameleoonBuilder AddSqliteStore(
        this IKameleoonBuilder builder, string connectionString, bool createSchema = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.AddStore(createSchema, (options, timeout) => options.UseSqlite(
            connectionString, sqlite => sqlite.CommandTimeout(timeout)));
    }

    /// <summary>Keeps visitor links in PostgreSQL, for any number of servers.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="connectionString">For example <c>Host=db;Database=shop;Username=shop;Password=…</c>.</param>
    /// <param name="createSchema">Whether the tables are created where they are missing. Default true; otherwise create
    /// them by the script in docs/identity.md.</param>
    /// <remarks>An application has one store; of several calls the last wins.</remarks>
    public static IKameleoonBuilder AddPostgreSqlStore(
        this IKameleoonBuilder builder, string connectionString, bool createSchema = true)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        return builder.AddStore(createSchema, (options, timeout) => options.UseNpgsql(
            connectionString, npgsql => npgsql.CommandTimeout(timeout)));
    }

    /// <summary>Keeps events in the database of <see cref="AddSqliteStore"/> or <see cref="AddPostgreSqlStore"/> until the
    /// platform has taken them, so that they outlive the process.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>Several servers with one PostgreSQL do each other's work. <c>Tracking:MaxOutboxBytes</c> bounds it.
    /// </remarks>
    public static IKameleoonBuilder AddTrackingOutbox(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<ITrackingOutbox, TrackingOutbox>());
        return builder.RequireStore();
    }

    /// <summary>Shares what is said of visitors with the other servers of a farm, by the database of
    /// <see cref="AddPostgreSqlStore"/>: consent, custom data, forced variations.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>A server reads it when a visitor comes to it first, within <c>SharedSessions:Timeout</c>, and hears of
    /// changes about a second later.</remarks>
    public static IKameleoonBuilder AddSharedSessions(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<IVisitorSessionStore, VisitorSessionStore>());
        return builder.RequireStore();
    }

    private static IKameleoonBuilder RequireStore(this IKameleoonBuilder builder)
    {
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, StoreRules>());
        return builder;
    }

    private static IKameleoonBuilder AddStore(
        this IKameleoonBuilder builder, bool createSchema, Action<DbContextOptionsBuilder, int> use)
    {
        var services = builder.Services;
        services.RemoveAll<StoreSettings>();
        services.AddSingleton(new StoreSettings(createSchema, use));
        services.AddPooledDbContextFactory<KameleoonDbContext>(static (provider, options) =>
        {
            // A caller gives up by the same setting; this ends what cannot be cancelled.
            var timeout = provider.GetRequiredService<IOptions<KameleoonOptions>>().Value.Identity.Timeout;
            provider.GetRequiredService<StoreSettings>().Use(options, (int)Math.Ceiling(timeout.TotalSeconds));
        });
        services.TryAddSingleton<KameleoonDatabase>();
        services.Replace(ServiceDescriptor.Singleton<IVisitorLinkStore, VisitorLinkStore>());
        services.Replace(ServiceDescriptor.Singleton<IIdempotencyKeyStore, IdempotencyKeyStore>());
        services.AddHostedService<DatabaseWarmUp>();
        services.AddHostedService<IdempotencyKeySweeper>();
        return builder;
    }
}
