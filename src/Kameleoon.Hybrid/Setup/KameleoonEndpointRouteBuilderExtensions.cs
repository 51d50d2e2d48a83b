using Kameleoon.Hybrid;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
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
    /// Authorization is required outside Development. Visitors are those of all servers with <c>AddRedisStore</c>, else those of
    /// the server that answers; responses, bots and visitor codes are always that server's.</remarks>
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

    /// <summary>Maps the endpoint with which people who test choose the variations that their own browser shows, also in
    /// production. The choice is a signed cookie, and what it shows is never counted.</summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="pattern">The path; default <c>/kameleoon/overrides</c>.</param>
    /// <returns>The endpoints, to add conventions such as an authorization policy.</returns>
    /// <remarks>
    /// <c>GET {pattern}</c> returns the overrides of the browser, until when they hold, and all flags with their variations.
    /// <c>POST {pattern}</c> with <c>{"overrides": {"flag": "variation", "other flag": null}}</c> sets and removes them, and
    /// <c>DELETE {pattern}</c> ends all. Authorization is required outside Development. Only pages of the same host may
    /// change overrides. They hold for <see cref="Kameleoon.Hybrid.Settings.KameleoonOverridesOptions.Lifetime"/>. Servers of one
    /// application share the keys of Data Protection.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The services, or those of Data Protection, are missing, or the endpoint is
    /// mapped already.</exception>
    public static IEndpointConventionBuilder MapKameleoonOverrides(
        this IEndpointRouteBuilder endpoints,
        string pattern = "/kameleoon/overrides")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        if (services.GetService<OverrideCookie>() is not { } cookie)
        {
            throw new InvalidOperationException(
                "Call builder.Services.AddKameleoonHybrid(builder.Configuration) before app.MapKameleoonOverrides().");
        }

        if (services.GetService<IDataProtectionProvider>() is not { } protection)
        {
            throw new InvalidOperationException(
                "Overrides are signed by Data Protection. Call builder.Services.AddDataProtection(), or AddAuthentication, which "
                + "includes it, before app.MapKameleoonOverrides().");
        }

        if (cookie.IsEnabled)
        {
            throw new InvalidOperationException("app.MapKameleoonOverrides() was called already. Call it once.");
        }

        cookie.Enable(protection);
        foreach (var project in services.GetService<KameleoonProjects>()?.All ?? [])
        {
            project.Services.GetRequiredService<OverrideCookie>().Enable(protection);
        }

        var group = endpoints.MapGroup("");
        group.WithDisplayName("Kameleoon overrides");
        group.WithMetadata(new IdentityEndpoint.SizeLimit());
        group.DisableCookieRedirect(); // the inspector can do nothing with a login page
        group.MapMethods(pattern, [HttpMethods.Get], IdentityEndpoint.Of(
            static context => PageServices.Get<OverridesEndpoint>(context).GetAsync(context))).WithName(InspectorSwitch.EndpointName);
        group.MapMethods(pattern, [HttpMethods.Post], IdentityEndpoint.Of(
            static context => PageServices.Get<OverridesEndpoint>(context).PostAsync(context)))
            .WithMetadata(new AcceptsMetadata(["application/json"], typeof(OverridesRequest)));
        group.MapMethods(pattern, [HttpMethods.Delete], IdentityEndpoint.Of(
            static context => PageServices.Get<OverridesEndpoint>(context).DeleteAsync(context)));
        return services.GetService<IHostEnvironment>()?.IsDevelopment() == true ? group : group.RequireAuthorization();
    }
}
