using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the endpoints that browsers call.</summary>
public static class KameleoonEndpointRouteBuilderExtensions
{
    /// <summary>Maps the endpoint that turns the visitor code of a page that is served elsewhere into a cookie of this
    /// server, which Safari keeps for longer than the seven days it grants to scripts.</summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path; default <c>/kameleoon/sync</c>. Its host must share the registrable domain of the
    /// pages. Enter its address on the platform, so that the engine calls it once a session.</param>
    /// <returns>The endpoint, to add conventions such as a rate limit.</returns>
    /// <remarks>
    /// <c>GET {pattern}?visitorCode=…</c>. The browser's cookie comes first, then <c>visitorCode</c>, then
    /// <c>kameleoonVisitorCode</c>. Answers 204 with the cookie, without one when it got no code or the visitor refused
    /// consent, and 403 to requests that another site sends. Pages of other origins need
    /// <see cref="KameleoonCookieOptions.SyncOrigins"/>.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The services are missing.</exception>
    public static IEndpointConventionBuilder MapKameleoonSync(
        this IEndpointRouteBuilder endpoints,
        string pattern = "/kameleoon/sync")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        if (endpoints.ServiceProvider.GetService<SyncEndpoint>() is null)
        {
            throw new InvalidOperationException(
                "Call builder.Services.AddKameleoonHybrid(builder.Configuration) before app.MapKameleoonSync().");
        }

        return endpoints.MapMethods(
                pattern, [HttpMethods.Get], static context => PageServices.Get<SyncEndpoint>(context).AnswerAsync(context))
            .WithDisplayName("Kameleoon visitor code synchronisation");
    }

    /// <summary>Maps the report of the experiments: their visitors by stage and variation, and what is wrong with them.</summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path; default <c>/kameleoon/trust</c>.</param>
    /// <returns>The endpoint, to add conventions such as an authorization policy.</returns>
    /// <remarks><c>GET {pattern}</c>. Browsers get a page, which has no script and loads nothing, and other clients JSON.
    /// Authorization is required outside Development. The figures are those of the server that answers.</remarks>
    /// <exception cref="InvalidOperationException">The experiments are not watched.</exception>
    public static IEndpointConventionBuilder MapKameleoonTrust(
        this IEndpointRouteBuilder endpoints,
        string pattern = "/kameleoon/trust")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        if (services.GetService<TrustMonitor>() is null && services.GetService<KameleoonProjects>() is null)
        {
            throw new InvalidOperationException(
                "Call builder.Services.AddKameleoonHybrid(builder.Configuration).AddKameleoonTrust() before app.MapKameleoonTrust().");
        }

        var endpoint = endpoints.MapMethods(pattern, [HttpMethods.Get], TrustEndpoint.AnswerAsync)
            .WithDisplayName("Kameleoon trust in experiments");
        return services.GetService<IHostEnvironment>()?.IsDevelopment() == true ? endpoint : endpoint.RequireAuthorization();
    }
}
