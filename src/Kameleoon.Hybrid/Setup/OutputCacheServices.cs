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
        services.AddSingleton<IOutputCacheStore>(provider => new BoundedOutputCacheStore(
            Create(provider, store),
            timeout,
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<BoundedOutputCacheStore>>()));
    }

    private static IOutputCacheStore Create(IServiceProvider provider, ServiceDescriptor store) => (IOutputCacheStore)(
        store.ImplementationInstance
        ?? store.ImplementationFactory?.Invoke(provider)
        ?? ActivatorUtilities.CreateInstance(provider, store.ImplementationType!));
}
