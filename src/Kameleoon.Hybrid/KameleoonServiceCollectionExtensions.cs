using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds Kameleoon hybrid experiments to an application.</summary>
public static class KameleoonServiceCollectionExtensions
{
    /// <summary>Adds the library with the settings of the section <c>Kameleoon</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <remarks>Wrong settings stop the application's start with a sentence that names them.</remarks>
    public static IKameleoonBuilder AddKameleoonHybrid(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration as IConfigurationSection
            ?? configuration.GetSection(KameleoonOptions.SectionName);
        return services.AddKameleoonHybrid(options => options.Bind(section));
    }

    /// <summary>Adds the library with settings from code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="configure">Sets the options.</param>
    /// <remarks>Wrong settings stop the application's start with a sentence that names them.</remarks>
    public static IKameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        Action<KameleoonOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddKameleoonHybrid(options => options.Configure(configure));
    }

    private static KameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        Action<OptionsBuilder<KameleoonOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        configure(services.AddOptions<KameleoonOptions>().ValidateOnStart());
        if (services.All(service => service.ServiceType != typeof(ConfigurationStore)))
        {
            services.AddCore();
            services.AddPlatformClient(PlatformClients.Configuration, pause: TimeSpan.FromMilliseconds(500));
            services.AddPlatformClient(PlatformClients.Api, pause: TimeSpan.FromMilliseconds(500));
            services.AddPlatformClient(PlatformClients.Data, pause: TimeSpan.FromSeconds(5));
        }

        return new KameleoonBuilder(services);
    }

    private static void AddCore(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, KameleoonOptionsRules>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, VisitorCodeOptionsRules>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, EngineOptionsRules>());
        services.TryAddEnumerable(
            ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, AudienceRules>());

        services.AddSingleton<KameleoonMetrics>();
        services.AddSingleton<PlatformEndpoints>();
        services.AddSingleton<AccessTokenSource>();
        services.AddSingleton<ConfigurationStore>();
        services.AddSingleton<ConfigurationClient>();
        services.AddSingleton<VisitorStore>();
        services.AddSingleton<SimulationCookie>();
        services.AddSingleton<ConsentGate>();
        services.AddSingleton<ConsentReader>();
        services.AddSingleton<TrackingQueue>();
        services.AddSingleton<TrackingClient>();
        services.TryAddSingleton<IBotDetector, UserAgentBotDetector>();
        services.AddSingleton<BotFilter>();
        services.AddSingleton<VisitorCookie>();
        services.AddSingleton<CookieKeeper>();
        services.AddSingleton<VisitorCodeResolver>();
        services.AddSingleton<KameleoonClientServices>();
        services.AddSingleton<RequestVisitorServices>();
        services.AddSingleton<SeenEndpoint>();
        services.AddSingleton<SyncEndpoint>();
        services.AddSingleton<Nonces>();
        services.AddSingleton<TagMistakes>();
        services.AddSingleton<EngineTag>();
        services.AddSingleton<TrackingTag>();
        services.AddSingleton<VariationTag>();

        // Started in this order: the first page finds the data file.
        services.AddHostedService<ConfigurationRefresher>();
        services.AddHostedService<TrackingSender>();
        services.AddHostedService<VisitorSweeper>();

        services.TryAddSingleton<IKameleoonClientFactory, KameleoonClientFactory>();
        services.TryAddScoped<IKameleoonClient>(provider => RequestVisitor.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext).Client);
    }

    private static void AddPlatformClient(this IServiceCollection services, string name, TimeSpan pause) =>
        services.AddHttpClient(name)
            .RemoveAllLoggers() // Four lines a poll would bury the application's own log; what matters is in ours.
            .ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan) // The pipeline owns the deadlines.
            .ConfigurePrimaryHttpMessageHandler(static () => new SocketsHttpHandler
            {
                AllowAutoRedirect = false, // A redirected post would arrive as a get, without its events.
                AutomaticDecompression = System.Net.DecompressionMethods.All,
                PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            })
            .AddHttpMessageHandler(provider => new ResilienceHandler(
                provider.GetRequiredService<IOptions<KameleoonOptions>>().Value.RequestTimeout,
                pause,
                provider.GetRequiredService<TimeProvider>()));
}
