using System.Diagnostics;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registers the sandbox, a stand-in for the platform inside the application.</summary>
public static class KameleoonSandboxServiceCollectionExtensions
{
    /// <summary>Adds the sandbox's services. <c>app.MapKameleoonSandbox()</c> maps its endpoints.</summary>
    /// <param name="services">The application's services.</param>
    /// <returns>The same services, for chaining.</returns>
    /// <remarks>For an application that is a sandbox for others; <c>UseSandbox()</c> calls it for its own. A published application
    /// has this package only with <c>PublishKameleoonSandbox</c> in its project file. Calling it twice is harmless. Settings are in
    /// <see cref="KameleoonSandboxOptions"/>.</remarks>
    public static IServiceCollection AddKameleoonSandbox(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddRouting();
        services.AddOptions<KameleoonSandboxOptions>()
            .BindConfiguration(KameleoonSandboxOptions.SectionName)
            .ValidateOnStart();
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonSandboxOptions>, KameleoonSandboxOptionsValidator>());

        // A worker has no web host, which would add it. Routing in process needs it.
        services.TryAddSingleton(static _ => new DiagnosticListener("Microsoft.AspNetCore"));

        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<SandboxClock>();
        services.TryAddSingleton(RecorderLimits.Default);
        services.TryAddSingleton(static provider => new Recorder(
            provider.GetRequiredService<SandboxClock>(), provider.GetRequiredService<RecorderLimits>()));
        services.TryAddSingleton<SandboxStore>();
        services.TryAddSingleton<StoredSettings>();
        services.TryAddSingleton<ProjectFile>();
        services.TryAddSingleton<LiveState>();
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IHostedService, EventRestorer>());

        AddEndpoints(services);
        services.TryAddSingleton(static provider => new KameleoonSandbox(
            provider.GetRequiredService<SandboxControl>(),
            provider.GetRequiredService<ProjectFile>(),
            provider.GetRequiredService<StoredSettings>(),
            provider.GetRequiredService<SandboxClock>(),
            provider.GetRequiredService<ActiveFaults>(),
            provider.GetRequiredService<Recorder>()));

        services.TryAddSingleton(static provider => new InProcessPipeline(provider, static routes => SandboxRoutes.Map(routes)));
        services.TryAddTransient<InProcessHandler>();
        return services;
    }

    private static void AddEndpoints(IServiceCollection services)
    {
        services.TryAddSingleton<RecordedData>();
        services.TryAddSingleton<ActiveFaults>();
        services.TryAddSingleton<RequestLog>();
        services.TryAddSingleton<PlatformRequestFilter>();
        services.TryAddSingleton<ServedSite>();
        services.TryAddSingleton<ConnectedProject>();
        services.TryAddSingleton<ConfigurationEndpoint>();
        services.TryAddSingleton<StreamTestMessages>();
        services.TryAddSingleton<StreamEndpoint>();
        services.TryAddSingleton<TokenEndpoint>();
        services.TryAddSingleton<IEngineConfigurationSource, ProjectEngineConfigurationSource>();
        services.TryAddSingleton<InsecureAddress>();
        services.TryAddSingleton<EngineEndpoint>();
        services.TryAddSingleton<EngineStepsEndpoint>();
        services.TryAddSingleton<EventsEndpoint>();
        services.TryAddSingleton<VisitorEndpoint>();
        services.TryAddSingleton<VisitorDeletionEndpoint>();
        services.TryAddSingleton<MapEndpoints>();
        services.TryAddSingleton<ProductEndpoints>();
        services.TryAddSingleton<HostCheck>();
        services.TryAddSingleton<CrossSitePosts>();
        services.TryAddSingleton<ExplainEndpoint>();
        services.TryAddSingleton<RecordedFacts>();
        services.TryAddSingleton<TimelineBuilder>();
        services.TryAddSingleton<LiveEndpoints>();
        services.TryAddSingleton<SandboxControl>();
        services.TryAddSingleton<ControlEndpoints>();
        services.TryAddSingleton<ControlProjectEndpoints>();
    }
}
