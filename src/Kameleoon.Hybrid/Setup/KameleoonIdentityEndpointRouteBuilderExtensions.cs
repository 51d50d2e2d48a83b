using System.ComponentModel;
using Kameleoon.Hybrid;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Adds the endpoints with which mobile applications and pages use the same visitor.</summary>
public static class KameleoonIdentityEndpointRouteBuilderExtensions
{
    private const string Problem = "application/problem+json";

    /// <summary>Maps the endpoints of identity below a path.</summary>
    /// <param name="endpoints">The routes of the application.</param>
    /// <param name="prefix">The path; default <c>/kameleoon</c>.</param>
    /// <returns>The group, to add conventions: an authorization policy, a rate limit, CORS, or <c>AllowAnonymous()</c> for
    /// pages and applications whose visitors need not be signed in. Authorization is required otherwise.</returns>
    /// <remarks>
    /// <c>GET visitor</c> returns the signed-in user's code and <c>POST visitor/sync</c> reports a device's. <c>POST
    /// decisions</c> decides flags and <c>POST events</c> reports events for the caller. <c>GET decisions</c> does for
    /// a cached page what tags do for other pages. Errors are problem details. No request can name another person.
    /// </remarks>
    /// <exception cref="InvalidOperationException">The services, or a store of visitor links, are missing.</exception>
    public static RouteGroupBuilder MapKameleoonIdentity(
        this IEndpointRouteBuilder endpoints, string prefix = "/kameleoon")
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        var services = endpoints.ServiceProvider;
        if (services.GetService<VisitorLinks>() is not { IsEnabled: true } && services.GetService<KameleoonProjects>() is null)
        {
            throw new InvalidOperationException(
                "There is no store of visitor links. Call builder.Services.AddKameleoonHybrid(builder.Configuration)"
                + ".AddSqliteStore(…), .AddPostgreSqlStore(…) or .AddRedisStore(…, links: true) before app.MapKameleoonIdentity().");
        }

        var group = endpoints.MapGroup(prefix);
        group.RequireAuthorization();
        group.DisableCookieRedirect(); // an application can do nothing with a login page
        group.WithTags("Kameleoon");
        group.WithMetadata(new IdentityEndpoint.SizeLimit());

        group.Map<VisitorEndpoints>("visitor", HttpMethods.Get, static (visitor, context) => visitor.GetAsync(context))
            .Says("KameleoonVisitor", "The visitor code of the signed-in user, a new one if there is none yet.")
            .Answers<VisitorMessage>();
        group.Map<VisitorEndpoints>("visitor/sync", HttpMethods.Post, static (visitor, context) => visitor.SyncAsync(context))
            .Says("KameleoonVisitorSync",
                "Reports the visitor code that a browser or application of the signed-in user has.")
            .Takes<VisitorMessage>("application/json", "text/plain")
            .Answers<SyncAnswer>().Refuses(StatusCodes.Status409Conflict);
        group.Map<DecisionsEndpoints>("decisions", HttpMethods.Post, static (decisions, context) => decisions.PostAsync(context))
            .Says("KameleoonDecide", "Decides flags for the caller.")
            .Takes<DecisionsRequest>("application/json").Answers<DecisionsAnswer>();
        group.Map<DecisionsEndpoints>("decisions", HttpMethods.Get, static (decisions, context) => decisions.GetAsync(context))
            .Says("KameleoonPageDecisions",
                "Decides flags for a page that came out of a cache, with the entries for the engine's queue.")
            .Reads(([FromQuery, Description("The key of a flag; up to 100. All flags without.")] string[]? key) => { })
            .WithMetadata(new PageStart())
            .Answers<DecisionsAnswer>();
        group.Map<EventsEndpoint>("events", HttpMethods.Post, static (events, context) => events.PostAsync(context))
            .Says("KameleoonEvents",
                "Takes conversions, data and exposures of the caller.")
            .Reads((
                [FromHeader(Name = EventsEndpoint.KeyHeader)]
                [Description("1 to 100 visible ASCII characters. With it the request counts once, however often it is sent.")]
                string? key) =>
            { })
            .Takes<EventsRequest>("application/json").Answers<EventsAnswer>(StatusCodes.Status202Accepted)
            .Refuses(StatusCodes.Status422UnprocessableEntity);
        return group;
    }

    private static IEndpointConventionBuilder Map<TEndpoint>(
        this RouteGroupBuilder group, string pattern, string method, Func<TEndpoint, HttpContext, Task> answer)
        where TEndpoint : class =>
        group.MapMethods(
                pattern, [method], IdentityEndpoint.Of(context => answer(PageServices.Get<TEndpoint>(context), context)))
            .WithMetadata(answer.Method) // what API descriptions take an endpoint by
            .Refuses(StatusCodes.Status400BadRequest)
            .Refuses(StatusCodes.Status401Unauthorized)
            .Refuses(StatusCodes.Status403Forbidden)
            .Refuses(StatusCodes.Status503ServiceUnavailable);

    private static IEndpointConventionBuilder Says(
        this IEndpointConventionBuilder endpoint, string name, string summary) => endpoint
        .WithName(name)
        .WithDisplayName("Kameleoon: " + summary)
        .WithMetadata(new EndpointSummaryAttribute(summary));

    private static IEndpointConventionBuilder Reads(this IEndpointConventionBuilder endpoint, Delegate parameters) =>
        endpoint.WithMetadata([.. parameters.Method.GetParameters().Select(parameter => new DescribedParameter(parameter))]);

    private static IEndpointConventionBuilder Takes<T>(
        this IEndpointConventionBuilder endpoint, params string[] contentTypes) => endpoint
        .WithMetadata(new AcceptsMetadata(contentTypes, typeof(T)))
        .Refuses(StatusCodes.Status413PayloadTooLarge)
        .Refuses(StatusCodes.Status415UnsupportedMediaType);

    private static IEndpointConventionBuilder Answers<T>(
        this IEndpointConventionBuilder endpoint, int status = StatusCodes.Status200OK) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(T), ["application/json"]));

    private static IEndpointConventionBuilder Refuses(this IEndpointConventionBuilder endpoint, int status) =>
        endpoint.WithMetadata(new ProducesResponseTypeMetadata(status, typeof(ProblemDetails), [Problem]));
}
