using System.Diagnostics.CodeAnalysis;
using Kameleoon.Hybrid;
using Microsoft.Extensions.Caching.Distributed;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Optional parts of the library.</summary>
public static class KameleoonBuilderExtensions
{
    /// <summary>Uses a data file of the application in place of the platform's.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="dataFile">Where the data file comes from: in a test an <see cref="InMemoryDataFile"/>, which may be replaced
    /// while the application runs.</param>
    public static IKameleoonBuilder UseDataFile(this IKameleoonBuilder builder, IDataFileSource dataFile)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(dataFile);
        builder.Services.Replace(ServiceDescriptor.Singleton(dataFile));
        return builder;
    }

    /// <summary>Keeps the last good data file in the application's <see cref="IDistributedCache"/>, so that a server without a disk
    /// of its own starts during an outage of the platform.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>Each server asks the platform itself. With <c>AddRedisStore</c>, which needs no such call, one does for all. Has no
    /// effect where <see cref="KameleoonConfigurationOptions.LastGoodCopy"/> is false. The start fails without a distributed
    /// cache.</remarks>
    public static IKameleoonBuilder AddDistributedLastGoodCopy(this IKameleoonBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Replace(ServiceDescriptor.Singleton<ILastGoodCopy>(static provider => new DistributedLastGoodCopy(
            provider.GetService<IDistributedCache>() ?? throw new InvalidOperationException(
                "AddDistributedLastGoodCopy() uses the application's IDistributedCache, and there is none. Register one, for "
                + "example by AddStackExchangeRedisCache."))));
        return builder;
    }

    /// <summary>Limits how long a page waits for the store of the output cache. Call it after the store is registered, for example
    /// after <c>AddStackExchangeRedisOutputCache</c>.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="timeout">The longest wait. Default 150 milliseconds; above zero, up to one minute.</param>
    /// <remarks>A client of Redis waits for about five seconds by itself. After a failure pages are made without the store for two
    /// seconds, then one page tries it again. Removing copies by their tag is not limited.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The time is not above zero, or above one minute.</exception>
    /// <exception cref="InvalidOperationException">There is no store yet.</exception>
    public static IKameleoonBuilder AddOutputCacheTimeout(this IKameleoonBuilder builder, TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var longest = timeout ?? TimeSpan.FromMilliseconds(150);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(longest, TimeSpan.Zero, nameof(timeout));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(longest, TimeSpan.FromMinutes(1), nameof(timeout));
        builder.Services.BoundOutputCacheStore(longest);
        return builder;
    }

    /// <summary>Adds a listener of decisions, exposures, conversions, data files and platform requests. Each call adds
    /// one more, and adding the same type twice has no effect.</summary>
    /// <typeparam name="TListener">The listener, a singleton. Its dependencies are injected.</typeparam>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <remarks>A project beside the default one uses the listeners of the application, unless it has its own.</remarks>
    public static IKameleoonBuilder AddListener<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TListener>(this IKameleoonBuilder builder)
        where TListener : class, IKameleoonListener
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IKameleoonListener, TListener>());
        return builder;
    }

    /// <summary>Counts the visitors of each experiment by stage and variation, and tests whether they fit the weights. An
    /// experiment that does not is logged once, and stands in the health check <c>AddKameleoonTrust</c> and on the page of
    /// <c>MapKameleoonTrust</c>. Pages with a tracking tag compare the engine's visitor code with the server's.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="configure">Sets the options of the section <c>Kameleoon:Trust</c> in code.</param>
    /// <remarks>Each experiment with visitors takes 256 kB, and at most 100 experiments are watched. Each server watches its own
    /// visitors, unless there is an <see cref="Kameleoon.Hybrid.Stores.IExperimentFeed"/>, as with <c>AddRedisStore</c>; then all
    /// servers of a farm watch all visitors, and each experiment takes 768 kB.</remarks>
    public static IKameleoonBuilder AddKameleoonTrust(
        this IKameleoonBuilder builder, Action<KameleoonTrustOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.Configure<KameleoonOptions>(options => configure?.Invoke(options.Trust));
        builder.Services.TryAddSingleton<TrustMetrics>();
        builder.Services.TryAddSingleton<VariationGuard>();
        builder.Services.TryAddSingleton<TrustMonitor>();
        builder.Services.TryAddSingleton<FarmCounts>();
        builder.Services.TryAddSingleton<IdentityMetrics>();
        builder.Services.TryAddSingleton<IdentityComparisons>();
        builder.Services.TryAddSingleton<IdentityHandshake>();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, TrustWatch>());
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, FarmCounts>(
            static provider => provider.GetRequiredService<FarmCounts>()));
        return builder;
    }

    /// <summary>Adds a listener that the application created.</summary>
    /// <param name="builder">What <c>AddKameleoonHybrid</c> returned.</param>
    /// <param name="listener">The listener. The application disposes of it.</param>
    /// <inheritdoc cref="AddListener{TListener}(IKameleoonBuilder)" path="/remarks"/>
    public static IKameleoonBuilder AddListener(this IKameleoonBuilder builder, IKameleoonListener listener)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentNullException.ThrowIfNull(listener);
        builder.Services.AddSingleton(listener);
        return builder;
    }
}
