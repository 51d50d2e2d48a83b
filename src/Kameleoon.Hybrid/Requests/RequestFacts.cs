using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;
using Microsoft.AspNetCore.Http.Features;

namespace Kameleoon.Hybrid;

/// <summary>Reads facts about the visitor from the request: address, referrer, user agent, cookies and simulation. Each
/// is read once, when it is first needed.</summary>
/// <remarks>The request is released when the response is complete. Facts that were not read by then are unknown.</remarks>
/// <param name="request">The request.</param>
/// <param name="sources">Which facts may be read.</param>
/// <param name="simulations">Finds the variations that the browser shows instead of those decided.</param>
internal sealed class RequestFacts(VisitorRequest request, KameleoonRequestFactsOptions sources, Simulations simulations)
{
    private string? _address;
    private string? _referrer;
    private UserAgentReading? _userAgent;
    private KeyValuePair<string, string>[]? _cookies;
    private Simulation? _simulation;
    private bool _isSimulationRead;

    /// <summary>The page's address as the browser knows it, or null.</summary>
    internal VisitorPage? Page => sources.Url ? PageOf(_address ??= ReadAddress(request.Context)) : null;

    /// <summary>The page the visitor came from, or null.</summary>
    internal VisitorPage? Referrer => sources.Referrer
        ? PageOf(_referrer ??= request.Context?.Request.Headers.Referer.ToString() ?? "")
        : null;

    internal UserAgentReading? UserAgent => sources.UserAgent
        ? _userAgent ??= new UserAgentReading(request.UserAgent ?? "")
        : null;

    internal IReadOnlyList<KeyValuePair<string, string>>? Cookies => sources.Cookies
        ? _cookies ??= [.. request.Context?.Request.Cookies ?? Enumerable.Empty<KeyValuePair<string, string>>()]
        : null;

    /// <summary>Returns the variations of a signed override or of the simulation cookie, read once, or null.</summary>
    internal Simulation? FindSimulation(DataFile dataFile)
    {
        if (!Volatile.Read(ref _isSimulationRead))
        {
            _simulation = request.Context is { } current ? simulations.Read(current, dataFile) : null;
            Volatile.Write(ref _isSimulationRead, true);
        }

        return _simulation;
    }

    private static VisitorPage? PageOf(string address) => address.Length > 0 ? new VisitorPage(address) : null;

    // The raw target is what the browser requested before any middleware rewrote the path. A proxy may have removed the base.
    private static string ReadAddress(HttpContext? context)
    {
        if (context is null)
        {
            return "";
        }

        var current = context.Request;
        var target = context.Features.Find<IHttpRequestFeature>()?.RawTarget;
        if (target is not ['/', ..])
        {
            return current.GetEncodedUrl();
        }

        var pathBase = current.PathBase.ToUriComponent();
        var path = target.StartsWith(pathBase, StringComparison.OrdinalIgnoreCase) ? target : pathBase + target;
        return string.Concat(current.Scheme, "://", current.Host.Value, path);
    }
}
