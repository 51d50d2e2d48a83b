using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.DependencyInjection.Extensions;
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
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonSandboxOptions>, SandboxOptionsRules>());

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(RecorderLimits.Default);
        services.TryAddSingleton<Recorder>();
        services.TryAddSingleton<SandboxDataFile>();
        services.TryAddSingleton<LiveState>();

        services.TryAddSingleton<ConfigurationEndpoint>();
        services.TryAddSingleton<StreamEndpoint>();
        services.TryAddSingleton<IEngineProject, DataFileEngineProject>();
        services.TryAddSingleton<EngineEndpoint>();
        services.TryAddSingleton<EventsEndpoint>();
        services.TryAddSingleton<ExplainEndpoint>();
        services.TryAddSingleton<LiveEndpoints>();

        services.TryAddSingleton<SandboxPipeline>();
        services.TryAddTransient<SandboxHandler>();
        return services;
    }
}
