using System.Net;
using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
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

    /// <summary>Adds a project beside the default one, with the settings of the section
    /// <c>Kameleoon:Projects:{name}</c>.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">What the application calls the project.</param>
    /// <param name="configuration">The application's configuration, or the section itself.</param>
    /// <inheritdoc cref="AddKameleoonHybrid(IServiceCollection, string, Action{KameleoonOptions})" path="/remarks"/>
    public static IKameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        string name,
        IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        var section = configuration as IConfigurationSection
            ?? configuration.GetSection($"{KameleoonOptions.SectionName}:Projects:{name}");
        return services.AddProject(name).AddKameleoonHybrid(options => options.Bind(section));
    }

    /// <summary>Adds a project beside the default one, with settings from code.</summary>
    /// <param name="services">The application's services.</param>
    /// <param name="name">What the application calls the project.</param>
    /// <param name="configure">Sets the options.</param>
    /// <remarks>
    /// Requests of its <see cref="KameleoonOptions.Hosts"/>, or those for which
    /// <see cref="KameleoonOptions.SelectProject"/> names it, are its own: what is injected there is of this project. Anywhere
    /// else ask for <see cref="IKameleoonClient"/>, <see cref="IKameleoonClientFactory"/> or
    /// <see cref="IKameleoonConfiguration"/> by the key <paramref name="name"/>. The builder's services are the project's own.
    /// </remarks>
    public static IKameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        string name,
        Action<KameleoonOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddProject(name).AddKameleoonHybrid(options => options.Configure(configure));
    }

    private static IServiceCollection AddProject(this IServiceCollection services, string name)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        foreach (var service in services)
        {
            if (service is { IsKeyedService: false, ImplementationInstance: ProjectRegistration known }
                && string.Equals(known.Name, name, StringComparison.Ordinal))
            {
                return known.Services;
            }
        }

        if (services.All(static service => service.ServiceType != typeof(KameleoonProjects)))
        {
            services.AddSingleton<KameleoonProjects>();
            services.AddHostedService<ProjectsService>();
        }

        var project = new ProjectRegistration(name, new ServiceCollection().AddLogging());
        project.Services.Configure<KameleoonOptions>(
            options => options.SeenPath += "/" + Uri.EscapeDataString(name));
        services.AddSingleton(project);
        services.AddKeyedSingleton(name, static (provider, key) => provider.OfProject<IKameleoonClientFactory>(key));
        services.AddKeyedSingleton(name, static (provider, key) => provider.OfProject<IKameleoonConfiguration>(key));
        services.AddKeyedScoped<IKameleoonClient>(name, static (provider, key) => RequestVisitor
            .Of(provider.GetRequiredService<IHttpContextAccessor>().HttpContext)
            .In(provider.OfProject<RequestVisitorServices>(key)).Client);
        return project.Services;
    }

    private static T OfProject<T>(this IServiceProvider application, object? name)
        where T : notnull =>
        application.GetRequiredService<KameleoonProjects>().Get((string)name!).Services.GetRequiredService<T>();

    private static KameleoonBuilder AddKameleoonHybrid(
        this IServiceCollection services,
        Action<OptionsBuilder<KameleoonOptions>> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        configure(services.AddOptions<KameleoonOptions>().ValidateOnStart());
        if (services.All(service => service.ServiceType != typeof(ConfigurationStore)))
        {
            services.AddCore();
            services.AddConfiguration();
            services.AddPlatformClients();
        }

        return new KameleoonBuilder(services);
    }

    private static void AddCore(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddRules<KameleoonOptionsRules>();
        services.AddRules<VisitorCodeOptionsRules>();
        services.AddRules<EngineOptionsRules>();
        services.AddRules<AudienceRules>();
        services.AddRules<ConfigurationOptionsRules>();
        services.AddRules<ResilienceOptionsRules>();
        services.AddRules<IdentityOptionsRules>();

        services.AddSingleton<KameleoonMetrics>();
        services.AddSingleton<KameleoonActivities>();
        services.AddSingleton<VariableMismatches>();
        services.AddSingleton<PlatformEndpoints>();
        services.AddSingleton<PlatformPipelines>();
        services.AddSingleton<AccessTokenClient>();
        services.AddSingleton<AccessTokenSource>();
        services.AddSingleton<TrackingQueue>();
        services.AddSingleton<TrackingClient>();
        services.AddSingleton<RemoteDataClient>();
        services.AddSingleton<TrackingPost>();
        services.AddSingleton<OutboxKeeper>();
        services.AddSingleton<TrackingLosses>();
        services.AddSingleton<LostReports>();
        services.AddSingleton<TrackingDelivery>();
        services.AddSingleton<TrackingRound>();
        services.AddSingleton<TrackingSender>();
        services.AddVisitors();
        services.AddIdentity();
        services.AddPages();

        services.AddHostedService(static provider => provider.GetRequiredService<TrackingSender>());
        services.AddHostedService<VisitorSweeper>();
        services.AddHostedService<SharedSessionService>();
        services.AddHostedService(static provider => provider.GetRequiredService<DeferredLinks>());

        services.AddSingleton<KameleoonClientFactory>();
        services.TryAddSingleton<IKameleoonClientFactory>(
            static provider => provider.GetRequiredService<KameleoonClientFactory>());
        services.AddSingleton<IVisitorDataSink>(static provider => provider.GetRequiredService<KameleoonClientFactory>());
        services.TryAddScoped<IKameleoonClient>(provider => RequestVisitor.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext).Client);
    }

    private static void AddRules<TRules>(this IServiceCollection services)
        where TRules : class, IValidateOptions<KameleoonOptions> =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, TRules>());

    private static void AddVisitors(this IServiceCollection services)
    {
        services.AddSingleton<VisitorStore>();
        services.AddSingleton<SharedSessionWrites>();
        services.AddSingleton<SharedSessionAccess>();
        services.AddSingleton<SharedSessions>();
        services.AddSingleton<SimulationCookie>();
        services.AddSingleton<ConsentGate>();
        services.AddSingleton<ConsentReader>();
        services.TryAddSingleton<IBotDetector, UserAgentBotDetector>();
        services.AddSingleton<BotFilter>();
        services.AddSingleton<VisitorCookie>();
        services.AddSingleton<CookieKeeper>();
        services.AddSingleton<VisitorCodeWarnings>();
        services.AddSingleton<VisitorCodeResolver>();
        services.AddSingleton<KameleoonClientServices>();
        services.AddSingleton<RequestVisitorServices>();
        services.AddSingleton<SeenEndpoint>();
        services.AddSingleton<SyncEndpoint>();
    }

    private static void AddIdentity(this IServiceCollection services)
    {
        services.AddSingleton<UserIds>();
        services.AddSingleton<UserKeys>();
        services.AddSingleton<LinkCache>();
        services.AddSingleton<LinkStoreAccess>();
        services.AddSingleton<VisitorLinks>();
        services.AddSingleton<DeferredLinks>();
        services.AddSingleton<IdentityConsent>();
        services.AddSingleton<SessionMerge>();
        services.AddSingleton<MappingReport>();
        services.AddSingleton<SignOutMarker>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<IdentityCallers>();
        services.AddSingleton<VisitorEndpoints>();
        services.AddSingleton<DecisionsEndpoints>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<TakenKeys>();
        services.TryAddSingleton<IIdempotencyKeyStore, RememberedKeys>();
        services.TryAddSingleton<IKameleoonIdentity, KameleoonIdentity>();
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Nonces>();
        services.AddSingleton<TagMistakes>();
        services.AddSingleton<EngineTag>();
        services.AddSingleton<TrackingTag>();
        services.AddSingleton<VariationTag>();
        services.AddSingleton<Inspector>();
    }

    private static void AddConfiguration(this IServiceCollection services)
    {
        services.AddSingleton<ConfigurationStore>();
        services.TryAddSingleton<IKameleoonConfiguration>(
            static provider => provider.GetRequiredService<ConfigurationStore>());
        services.AddSingleton<RefreshSignal>();
        services.AddSingleton<RefreshReport>();
        services.AddSingleton<ConfigurationStream>();
        services.AddSingleton<LastGoodCopyKeeper>();
        services.AddSingleton<ConfigurationRefresher>();
        services.TryAddSingleton<ILastGoodCopy, LastGoodCopyFile>();
        services.TryAddSingleton<IDataFileSource>(static provider =>
            provider.GetRequiredService<IOptions<KameleoonOptions>>().Value.Configuration.File is { } file
                ? ActivatorUtilities.CreateInstance<DiskDataFileSource>(provider, Path.GetFullPath(
                    file, provider.GetService<IHostEnvironment>()?.ContentRootPath ?? AppContext.BaseDirectory))
                : ActivatorUtilities.CreateInstance<HttpDataFileSource>(provider));
        services.AddHostedService<ConfigurationService>();
    }

    private static WebProxy? ProxyOf(KameleoonOptions options) => options.Proxy is { } address
        ? new WebProxy(address)
        {
            Credentials = address.UserInfo.Split(':', 2) is [{ Length: > 0 } user, var password]
                ? new NetworkCredential(Uri.UnescapeDataString(user), Uri.UnescapeDataString(password))
                : null,
        }
        : null;

    private static void AddPlatformClients(this IServiceCollection services)
    {
        foreach (var name in PlatformClients.All)
        {
            services.AddHttpClient(name)
                .RemoveAllLoggers() // Four lines a poll would bury the application's own log; what matters is in ours.
                .ConfigureHttpClient(static http => http.Timeout = Timeout.InfiniteTimeSpan) // We own the deadlines.
                .ConfigurePrimaryHttpMessageHandler(static provider => new SocketsHttpHandler
                {
                    AllowAutoRedirect = false, // A redirected post would arrive as a get, without its events.
                    AutomaticDecompression = DecompressionMethods.All,
                    PooledConnectionLifetime = TimeSpan.FromMinutes(5),
                    Proxy = ProxyOf(provider.GetRequiredService<IOptions<KameleoonOptions>>().Value),
                });
        }

        foreach (var name in PlatformClients.Answering)
        {
            services.AddHttpClient(name).AddHttpMessageHandler(provider => new ResilienceHandler(
                name,
                provider.GetRequiredService<PlatformPipelines>().Of(name),
                provider.GetRequiredService<KameleoonMetrics>()));
        }
    }
}
