using Kameleoon.Hybrid;
using Kameleoon.Hybrid.Redis;
using Kameleoon.Hybrid.Settings;
using Microsoft.Extensions.DependencyInjection.Extensions;
using StackExchange.Redis;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers Redis for shared sessions, idempotency keys, the data file, the counts of experiments and visitor links.</summary>
public static class KameleoonRedisBuilderExtensions
{
    /// <summary>Shares visitors' sessions, idempotency keys, the data file and the counts of experiments between servers through
    /// Redis, over a connection of its own.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="configuration">As StackExchange.Redis reads it, for example <c>redis:6379,password=…</c>. Redis 6.2 or newer,
    /// or Valkey.</param>
    /// <param name="links">Whether Redis also stores the links of users to visitor codes. Default false. Redis has to keep what
    /// it confirmed, by an append-only file; without one a warning is logged at the start. A database is safer.</param>
    /// <remarks>Another server knows a change within milliseconds. While Redis is unavailable, each server uses what it knows,
    /// and writes its changes later. One server fetches the data file for all, unless
    /// <see cref="KameleoonConfigurationOptions.LastGoodCopy"/> is false. An application has one store of each kind; of several
    /// calls the last counts.</remarks>
    /// <exception cref="ArgumentException">StackExchange.Redis cannot read the configuration.</exception>
    public static IKameleoonBuilder AddRedisStore(this IKameleoonBuilder builder, string configuration, bool links = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrWhiteSpace(configuration);
        return builder.AddStore(new RedisStoreOptions(ConfigurationOptions.Parse(configuration), links));
    }

    /// <summary>Shares visitors' sessions, idempotency keys, the data file and the counts of experiments between servers through
    /// Redis, over the application's <see cref="IConnectionMultiplexer"/>.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="links">Whether Redis also stores the links of users to visitor codes: see
    /// <see cref="AddRedisStore(IKameleoonBuilder, string, bool)"/>.</param>
    /// <remarks>The application registers the connection as a singleton. The start fails without it.</remarks>
    public static IKameleoonBuilder AddRedisStore(this IKameleoonBuilder builder, bool links = false)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.AddStore(new RedisStoreOptions(Configuration: null, links));
    }

    private static IKameleoonBuilder AddStore(this IKameleoonBuilder builder, RedisStoreOptions options)
    {
        var services = builder.Services;
        services.RemoveAll<RedisStoreOptions>();
        services.AddSingleton(options);
        services.TryAddSingleton<RedisConnection>();
        services.TryAddSingleton<RedisKeys>();
        services.Replace(ServiceDescriptor.Singleton<IVisitorSessionStore, RedisSessionStore>());
        services.Replace(ServiceDescriptor.Singleton<IIdempotencyKeyStore, RedisIdempotencyKeyStore>());
        services.Replace(ServiceDescriptor.Singleton<ILastGoodCopy, RedisLastGoodCopy>());
        services.Replace(ServiceDescriptor.Singleton<IExperimentFeed, RedisExperimentFeed>());
        if (options.HasLinks)
        {
            services.Replace(ServiceDescriptor.Singleton<IVisitorLinkStore, RedisLinkStore>());
        }
        else if (services.LastOrDefault(static service => service.ServiceType == typeof(IVisitorLinkStore)) is { } links
            && links.ImplementationType == typeof(RedisLinkStore))
        {
            services.Remove(links); // Of an earlier call, which does not count.
        }

        services.AddHostedService<RedisStartCheck>();
        return builder;
    }
}
