using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Registers the services of the library.</summary>
internal static class LibraryServices
{
    /// <summary>Adds everything except the data file and the HTTP clients.</summary>
    internal static void AddLibrary(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddHttpContextAccessor();
        services.TryAddSingleton(TimeProvider.System);
        services.AddOptionRules();
        services.AddSingleton<KameleoonMetrics>();
        services.AddSingleton<KameleoonActivities>();
        services.AddSingleton<ListenerFeed>();
        services.AddSingleton<VariableMismatches>();
        services.AddSingleton<PlatformEndpoints>();
        services.AddSingleton<PlatformPipelines>();
        services.AddSingleton<AccessTokenClient>();
        services.AddSingleton<AccessTokenSource>();
        services.AddSingleton<RemoteDataClient>();
        services.AddTracking();
        services.AddVisitors();
        services.AddIdentity();
        services.AddPages();

        services.AddHostedService<OfficialSettingsReport>();
        services.AddHostedService<ListenerService>();
        services.AddHostedService<SharedSessionService>(); // stops after the sweeper and the sender, which have something to share
        services.AddHostedService(static provider => provider.GetRequiredService<TrackingSender>());
        services.AddHostedService<SharedSessionFeed>();
        services.AddHostedService<VisitorSweeper>();
        services.AddHostedService(static provider => provider.GetRequiredService<DeferredLinks>());

        services.AddSingleton<KameleoonClientFactory>();
        services.TryAddSingleton<IKameleoonClientFactory>(
            static provider => provider.GetRequiredService<KameleoonClientFactory>());
        services.AddSingleton<IVisitorDataSink>(static provider => provider.GetRequiredService<KameleoonClientFactory>());
        services.TryAddScoped<IKameleoonClient>(provider => RequestVisitor.Of(
            provider.GetRequiredService<IHttpContextAccessor>().HttpContext).Client);
    }

    private static void AddValidator<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] TValidator>(
        this IServiceCollection services)
        where TValidator : class, IValidateOptions<KameleoonOptions> =>
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<KameleoonOptions>, TValidator>());

    private static void AddOptionRules(this IServiceCollection services)
    {
        services.AddValidator<KameleoonOptionsValidator>();
        services.AddValidator<VisitorCodeOptionsValidator>();
        services.AddValidator<EngineOptionsValidator>();
        services.AddValidator<BotAndPrefetchOptionsValidator>();
        services.AddValidator<ConfigurationOptionsValidator>();
        services.AddValidator<ResilienceOptionsValidator>();
        services.AddValidator<IdentityOptionsValidator>();
        services.AddValidator<TrustOptionsValidator>();
    }

    private static void AddTracking(this IServiceCollection services)
    {
        services.AddSingleton(static provider =>
        {
            // The queue reports lost events. The receiver is resolved at the first loss: it needs the store of visitors,
            // whose own parts add events to the queue.
            var marks = new Lazy<ReportMarks>(provider.GetRequiredService<ReportMarks>);
            return new TrackingQueue(
                provider.GetRequiredService<IOptions<KameleoonOptions>>(),
                provider.GetRequiredService<TimeProvider>(),
                provider.GetRequiredService<KameleoonMetrics>(),
                lost => marks.Value.Undo(lost));
        });
        services.AddSingleton<ReportedEvents>();
        services.AddSingleton<TrackingClient>();
        services.AddSingleton<TrackingPost>();
        services.AddSingleton<OutboxKeeper>();
        services.AddSingleton<TrackingLosses>();
        services.AddSingleton<ReportMarks>();
        services.AddSingleton<PacedPost>();
        services.AddSingleton<OutboxDelivery>();
        services.AddSingleton<TrackingDelivery>();
        services.AddSingleton<TrackingRound>();
        services.AddSingleton<TrackingSender>();
    }

    private static void AddVisitors(this IServiceCollection services)
    {
        services.AddSingleton<SharedSessionWrites>();

        // The store notifies these two: of changes, and of visitors it removes whose events still wait.
        services.AddSingleton<IVisitorChangeListener>(static provider => provider.GetRequiredService<SharedSessionWrites>());
        services.AddSingleton<IForgottenVisitorListener, ForgottenVisitorEvents>();
        services.AddSingleton<VisitorStore>();
        services.AddSingleton<PersonCodes>();
        services.AddSingleton<SharedSessionAccess>();
        services.AddSingleton<SharedSessionLifetime>();
        services.AddSingleton<SharedSessions>();
        services.AddSingleton<SimulationCookie>();
        services.AddSingleton<OverrideCookie>();
        services.AddSingleton<Simulations>();
        services.AddSingleton<ConsentGate>();
        services.AddSingleton<ConsentReader>();
        services.TryAddSingleton<IBotDetector, UserAgentBotDetector>();
        services.AddSingleton<BotFilter>();
        services.AddSingleton<VisitorCookie>();
        services.AddSingleton<CookiePolicy>();
        services.AddSingleton<CookieKeeper>();
        services.AddSingleton<VisitorCodeWarnings>();
        services.AddSingleton<CrossDomainLinks>();
        services.AddSingleton<VisitorCodeResolver>();
        services.AddClients();
        services.AddSingleton<SeenEndpoint>();
        services.AddSingleton<SyncEndpoint>();
    }

    private static void AddClients(this IServiceCollection services)
    {
        services.AddSingleton<ClientMistakes>();
        services.AddSingleton<DecisionReport>();
        services.AddSingleton<RequestTelemetry>();
        services.AddSingleton<ExposurePolicy>();
        services.AddSingleton<CarriedExposures>();
        services.AddSingleton<SharedHandedPages>();
        services.AddSingleton<HandedExposures>();
        services.AddSingleton<IVisitorMemory>(static provider => provider.GetRequiredService<HandedExposures>());
        services.AddSingleton<SeenReports>();
        services.AddSingleton<VisitorServices>();
        services.AddSingleton<AddedData>();
        services.AddSingleton<VisitorDataKeeper>();
        services.AddSingleton<VisitorDataReporter>();
        services.AddSingleton<HistoryKeeper>();
        services.AddSingleton<RemoteCalls>();
        services.AddSingleton<KameleoonClientServices>();
        services.AddSingleton<ConsentAnswers>();
        services.AddSingleton<RequestSources>();
        services.AddSingleton<RequestVisitorServices>();
        services.AddSingleton<RequestVisitorFactory>();
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
        services.AddSingleton<SignInLookup>();
        services.AddSingleton<SignInFlow>();
        services.AddSingleton<IdentityCallers>();
        services.AddSingleton<VisitorEndpoints>();
        services.AddSingleton<DecisionsEndpoints>();
        services.AddSingleton<EventsEndpoint>();
        services.AddSingleton<IdempotencyGuard>();
        services.AddSingleton<InMemoryIdempotencyKeys>();
        services.AddSingleton<IVisitorMemory>(static provider => provider.GetRequiredService<InMemoryIdempotencyKeys>());
        services.TryAddSingleton<IIdempotencyKeyStore>(static provider => provider.GetRequiredService<InMemoryIdempotencyKeys>());
        services.TryAddSingleton<IKameleoonIdentity, KameleoonIdentity>();
    }

    private static void AddPages(this IServiceCollection services)
    {
        services.AddSingleton<Nonces>();
        services.AddSingleton<TagMistakes>();
        services.AddSingleton<EngineTag>();
        services.AddSingleton<TrackingTag>();
        services.AddSingleton<VariationTag>();
        services.AddSingleton<InspectorAccess>();
        services.AddSingleton<Inspector>();
        services.AddSingleton<OverridesEndpoint>();
    }
}
