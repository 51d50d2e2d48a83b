using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Puts a limit around the output cache's store.</summary>
internal static class OutputCacheServices
{
    /// <exception cref="InvalidOperationException">There is no store yet.</exception>
    internal static void BoundOutputCacheStore(this IServiceCollection services, TimeSpan timeout)
    {
        var store = services.LastOrDefault(static service => service.ServiceType == typeof(IOutputCacheStore) && !service.IsKeyedService)
            ?? throw new InvalidOperationException(
                "AddOutputCacheTimeout() found no store of the output cache. Call it after AddStackExchangeRedisOutputCache or "
                + "AddOutputCache.");
        services.Remove(store);

        // Under a key of its own, so that the container disposes of it as before.
        var inner = new object();
        services.Add(store.ImplementationInstance is { } instance
            ? new ServiceDescriptor(typeof(IOutputCacheStore), inner, instance)
            : new ServiceDescriptor(typeof(IOutputCacheStore), inner, (provider, _) => Create(provider, store), store.Lifetime));
        services.AddSingleton<IOutputCacheStore>(provider => new BoundedOutputCacheStore(
            provider.GetRequiredKeyedService<IOutputCacheStore>(inner),
            timeout,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BoundedOutputCacheStore>>()));
    }

    private static object Create(IServiceProvider provider, ServiceDescriptor store) =>
        store.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, store.ImplementationType!);
}
