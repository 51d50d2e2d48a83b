using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>What the visitors of all requests share.</summary>
internal sealed class RequestVisitorServices(
    ConfigurationStore configuration,
    VisitorCookie cookie,
    KameleoonClientServices clients,
    SimulationCookie simulation,
    ConsentGate consent,
    ConsentReader consentReader,
    IOptions<KameleoonOptions> options,
    ILogger<RequestVisitor> logger)
{
    internal ConfigurationStore Configuration => configuration;

    internal VisitorCookie Cookie => cookie;

    internal ILogger Logger => logger;

    internal SimulationCookie Simulation => simulation;

    internal ConsentGate Consent => consent;

    internal ConsentReader ConsentReader => consentReader;

    internal KameleoonOptions Options { get; } = options.Value;

    internal RequestVisitor Create(HttpContext context, ResolvedVisitorCode resolved) => new(context, resolved, this);

    internal KameleoonClient CreateClient(RequestVisitor visitor) => new(visitor.Code, clients, visitor);
}
