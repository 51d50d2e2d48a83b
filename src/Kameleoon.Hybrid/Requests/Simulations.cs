using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Finds the variations that a browser shows instead of those decided: of a signed override, else of the simulation
/// cookie.</summary>
internal sealed class Simulations(SimulationCookie cookie, OverrideCookie overrides)
{
    /// <summary>Whether a request may have any. Cheap for requests that have none.</summary>
    internal bool MayHave(VisitorRequest request) =>
        cookie.IsAllowed || (overrides.IsEnabled && request.HasOverride);

    /// <summary>Returns them, or null. A page removes an override that is not valid from the browser.</summary>
    internal Simulation? Read(HttpContext context, DataFile dataFile)
    {
        var found = overrides.Read(context.Request, dataFile, out var isRefused);
        if (isRefused && RequestIntent.CanKeepCookie(context.Request))
        {
            UnstartedResponse.TryChange(
                context.Response, overrides, static (response, refused) => refused.Remove(response.HttpContext));
        }

        return found ?? cookie.Read(context.Request, dataFile);
    }
}
