using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the sandbox: an experiment platform inside the application, without the network.</summary>
public static class KameleoonSandboxServiceCollectionExtensions
{
    /// <summary>Adds what the sandbox needs; <c>app.MapKameleoonSandbox()</c> makes it answer.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services, for chaining.</returns>
    /// <remarks>Calling it twice is harmless. Settings are in <see cref="KameleoonSandboxOptions"/>.</remarks>
    public static IServiceCollection AddKameleoonSandbox(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions<KameleoonSandboxOptions>()
            .BindConfiguration(KameleoonSandboxOptions.SectionName)
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonSandboxOptions>, KameleoonSandboxOptionsValidator>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SandboxClock>();
        services.TryAddSingleton(RecorderLimits.Default);
        services.TryAddSingleton(static provider => new Recorder(
            provider.GetRequiredService<SandboxClock>(), provider.GetRequiredService<RecorderLimits>()));
        services.TryAddSingleton<SandboxStore>();
        services.TryAddSingleton<SandboxSettings>();
        services.TryAddSingleton<SandboxDataFile>();
        services.TryAddSingleton<LiveState>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, SandboxRecall>());

        services.TryAddSingleton<Faults>();
        services.TryAddSingleton<HitLog>();
        services.TryAddSingleton<PlatformDoor>();
        services.TryAddSingleton<ConfigurationEndpoint>();
        services.TryAddSingleton<StreamWords>();
        services.TryAddSingleton<StreamEndpoint>();
        services.TryAddSingleton<TokenEndpoint>();
        services.TryAddSingleton<IEngineProject, EngineProject>();
        services.TryAddSingleton<EngineEndpoint>();
        services.TryAddSingleton<EngineSteps>();
        services.TryAddSingleton<EventsEndpoint>();
        services.TryAddSingleton<VisitorEndpoint>();
        services.TryAddSingleton<VisitorChores>();
        services.TryAddSingleton<MapEndpoints>();
        services.TryAddSingleton<ProductEndpoints>();
        services.TryAddSingleton<ExplainEndpoint>();
        services.TryAddSingleton<RecordedFacts>();
        services.TryAddSingleton<StoryTeller>();
        services.TryAddSingleton<LiveEndpoints>();
        services.TryAddSingleton<ControlEndpoints>();
        services.TryAddSingleton(static provider => new KameleoonSandbox(
            provider.GetRequiredService<ControlEndpoints>(),
            provider.GetRequiredService<SandboxDataFile>(),
            provider.GetRequiredService<SandboxSettings>(),
            provider.GetRequiredService<SandboxClock>(),
            provider.GetRequiredService<Faults>(),
            provider.GetRequiredService<Recorder>()));

        services.TryAddSingleton(static provider => new SandboxPipeline(provider, SandboxEndpoints.Map));
        services.TryAddTransient<SandboxHandler>();
        return services;
    }
}
