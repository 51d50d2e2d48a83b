using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore;

/// <summary>Registers the stores over a database. Called by the package of each database.</summary>
internal static class StoreRegistration
{
    /// <summary>Sets the application's database. Of several calls the last counts.</summary>
    [RequiresUnreferencedCode(KameleoonDbContext.NotTrimmable)]
    [RequiresDynamicCode(KameleoonDbContext.NotTrimmable)]
    internal static IKameleoonBuilder AddStore(
        this IKameleoonBuilder builder, bool createSchema, Func<IServiceProvider, StoreProvider> provider)
    {
        var services = builder.Services;
        var isFirst = !services.Any(static service => service.ServiceType == typeof(StoreOptions));
        services.Replace(ServiceDescriptor.Singleton(new StoreOptions(createSchema)));
        services.Replace(ServiceDescriptor.Singleton(provider));
        services.Replace(ServiceDescriptor.Singleton<IVisitorLinkStore, VisitorLinkStore>());
        services.Replace(ServiceDescriptor.Singleton<IIdempotencyKeyStore, IdempotencyKeyStore>());
        if (isFirst)
        {
            services.AddSingleton<CommandTraces>();
            services.AddSingleton<KameleoonDatabase>();
            services.AddHostedService<DatabaseWarmUp>();
            services.AddHostedService<IdempotencyKeyCleanup>();
            services.AddPooledDbContextFactory<KameleoonDbContext>(static (provider, options) =>
            {
                // Callers cancel after the same time; this also ends commands that cannot be cancelled.
                var timeout = provider.GetRequiredService<IOptions<KameleoonOptions>>().Value.Identity.Timeout;
                QuietStore.Configure(options, provider.GetRequiredService<CommandTraces>());
                provider.GetRequiredService<StoreProvider>().Configure(options, (int)Math.Ceiling(timeout.TotalSeconds));
            });
        }

        return builder;
    }
}
