using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The services that the visitors of all requests of a project use.</summary>
internal sealed class RequestVisitorServices(
    CookieKeeper cookies,
    CookiePolicy cookiePolicy,
    BotFilter bots,
    RequestSources sources,
    KameleoonClientServices clients,
    IOptions<KameleoonOptions> options,
    IServiceProvider provider,
    ILogger<RequestVisitor> logger)
{
    private readonly LogOnce _prefetchedRoutes = new();
    private readonly LogOnce _unansweredRoutes = new();
    private readonly LogOnce _failedRoutes = new();
    private readonly LogOnce _lateRoutes = new();
    private readonly LogOnce _sharedRoutes = new();

    /// <summary>The services of the project.</summary>
    internal IServiceProvider Provider => provider;

    internal KameleoonOptions Options { get; } = options.Value;

    internal BotFilter Bots => bots;

    internal CookieKeeper Cookies => cookies;

    internal CookiePolicy CookiePolicy => cookiePolicy;

    internal ConsentAnswers Consent => sources.Consent;

    internal Simulations Simulations => sources.Simulations;

    internal CrossDomainLinks Links => sources.Links;

    internal KameleoonClientServices Clients => clients;

    internal ILogger Logger => logger;

    /// <summary>The data file in force, or null before the first one.</summary>
    internal DataFile? DataFile => cookiePolicy.DataFile;

    /// <summary>Logs, once a route, that a flag was decided too late to keep the response out of caches.</summary>
    internal void LogDecidedTooLate(HttpContext context)
    {
        if (_lateRoutes.IsFirst(RouteName.Of(context)))
        {
            logger.DecidedTooLate(context.Request.Path);
        }
    }

    /// <summary>Logs, once a route and outcome, that a visitor's response was marked for shared caches.</summary>
    internal void LogShared(HttpContext context, string outcome)
    {
        if (_sharedRoutes.IsFirst($"{RouteName.Of(context)}\n{outcome}"))
        {
            logger.SharedAfterDecision(context.Request.Path, outcome);
        }
    }

    /// <summary>Logs, once a route, that a response loses the exposures of new visitors who have not answered yet.</summary>
    internal void LogDecidedBeforeAnswer(HttpContext context)
    {
        if (RouteName.Of(context) is var route && _unansweredRoutes.IsFirst(route))
        {
            logger.DecidedBeforeAnswer(route);
        }
    }

    /// <summary>Logs, once a route, that a failure which no middleware handles loses the exposures of new visitors.</summary>
    internal void LogUnhandledFailure(HttpContext context)
    {
        if (RouteName.Of(context) is var route && _failedRoutes.IsFirst(route))
        {
            logger.FailedWithoutHandler(route);
        }
    }

    /// <summary>Logs, once a route, that a page fetched ahead loses the exposures that the server would report.</summary>
    internal void LogPrefetchedExposures(HttpContext? context)
    {
        if (Options.ExposureBy == ExposureOwner.Server
            && context is not null
            && RequestIntent.IsPrefetch(context.Request)
            && RouteName.Of(context) is var route
            && _prefetchedRoutes.IsFirst(route))
        {
            logger.FetchedAhead(route);
        }
    }
}

/// <summary>What is read from requests besides the visitor code, consent and simulation, and the links to other domains.
/// </summary>
internal sealed class RequestSources(ConsentAnswers consent, Simulations simulations, CrossDomainLinks links)
{
    internal ConsentAnswers Consent => consent;

    internal CrossDomainLinks Links => links;

    internal Simulations Simulations => simulations;
}
