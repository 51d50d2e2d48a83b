using Kameleoon.Hybrid;
using Kameleoon.Hybrid.FeatureManagement;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Microsoft.FeatureManagement;

/// <summary>Lets Microsoft.FeatureManagement decide Kameleoon's flags.</summary>
public static class KameleoonFeatureManagementBuilderExtensions
{
    /// <summary>Decides the flags of Kameleoon's data file for the request's visitor, wherever Microsoft.FeatureManagement
    /// asks for a feature: <c>[FeatureGate]</c>, <c>&lt;feature&gt;</c>, <c>WithFeatureGate</c>, variant services and the
    /// injected feature managers. Other features are decided as before.</summary>
    /// <param name="builder">What <c>AddFeatureManagement</c> returned. <c>AddKameleoonHybrid</c> is called, too.</param>
    /// <remarks>A flag that has the name of a feature takes its place. Decisions are tracked, and their exposures are counted
    /// as those of <see cref="IKameleoonClient"/>. Calling it twice has no effect.</remarks>
    /// <exception cref="InvalidOperationException">The builder's services have no feature manager.</exception>
    public static IFeatureManagementBuilder WithKameleoon(this IFeatureManagementBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        var services = builder.Services;
        if (services.Any(static service => service.ServiceType == typeof(KameleoonFeatureManager)))
        {
            return builder;
        }

        var others = services.LastOrDefault(static service => service.ServiceType == typeof(IVariantFeatureManager))
            ?? throw new InvalidOperationException("There is no feature manager. Call builder.Services.AddFeatureManagement() first.");
        services.AddHttpContextAccessor();
        services.Add(new ServiceDescriptor(
            typeof(KameleoonFeatureManager),
            provider => new KameleoonFeatureManager(
                Create(others, provider),
                provider.GetRequiredService<IKameleoonConfiguration>(),
                provider.GetRequiredService<IKameleoonClientFactory>(),
                provider.GetRequiredService<IHttpContextAccessor>()),
            others.Lifetime));
        Replace<IVariantFeatureManager>(services, others.Lifetime);
        Replace<IFeatureManager>(services, others.Lifetime);
        return builder;
    }

    // Its snapshots ask the manager once for each feature of a request, so they need no replacement.
    private static void Replace<TService>(IServiceCollection services, ServiceLifetime lifetime) =>
        services.Replace(new ServiceDescriptor(
            typeof(TService), static provider => provider.GetRequiredService<KameleoonFeatureManager>(), lifetime));

    private static IVariantFeatureManager Create(ServiceDescriptor others, IServiceProvider provider) =>
        (IVariantFeatureManager)(others.ImplementationInstance
            ?? others.ImplementationFactory?.Invoke(provider)
            ?? ActivatorUtilities.CreateInstance(provider, others.ImplementationType!));
}
