using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What the visitors of all requests share.</summary>
internal sealed class RequestVisitorServices(
    ConfigurationStore configuration,
    CookieKeeper cookies,
    KameleoonClientServices clients,
    SimulationCookie simulation,
    ConsentGate consent,
    ConsentReader consentReader,
    BotFilter bots,
    IOptions<KameleoonOptions> options,
    IServiceProvider provider,
    ILogger<RequestVisitor> logger)
{
    /// <summary>The services of the project.</summary>
    internal IServiceProvider Provider => provider;

    internal ConfigurationStore Configuration => configuration;

    internal CookieKeeper Cookies => cookies;

    internal ILogger Logger => logger;

    internal SimulationCookie Simulation => simulation;

    internal ConsentGate Consent => consent;

    internal ConsentReader ConsentReader => consentReader;

    internal KameleoonOptions Options { get; } = options.Value;

    internal BotFilter Bots => bots;

    /// <summary>The routes of which it was said that they lose exposures.</summary>
    internal LogOnce FetchedAhead { get; } = new();

    internal RequestVisitor Create(HttpContext context, ResolvedVisitorCode resolved) => new(context, resolved, this);

    /// <summary>The visitor for whom an application calls that brings no code of its own.</summary>
    internal RequestVisitor CreateTold(HttpContext context, ResolvedVisitorCode resolved) =>
        new(context, resolved, this, isTold: true);

    internal bool MayWriteCookie(RequestVisitor visitor) => cookies.MayWrite(visitor, configuration.DataFile);

    internal KameleoonClient CreateClient(RequestVisitor visitor) => new(visitor.Code, clients, visitor);
}
