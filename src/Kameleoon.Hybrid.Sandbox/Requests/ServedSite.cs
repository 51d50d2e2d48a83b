using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Answers 404 to requests for another site than <see cref="KameleoonSandboxOptions.SiteCode"/>.</summary>
internal sealed class ServedSite(IOptions<KameleoonSandboxOptions> options)
{
    /// <summary>The only site that is served, or null when every site is.</summary>
    internal string? Code => options.Value.SiteCode is { Length: > 0 } only ? only : null;

    /// <summary>Restricts the endpoints of a group to the site.</summary>
    internal void Restrict(IEndpointConventionBuilder endpoints) => endpoints.Add(endpoint =>
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => Serves(context.Request) ? answer(context) : RefuseAsync(context.Response);
    });

    // A request that names no site gets the only one.
    private bool Serves(HttpRequest request)
    {
        var asked = request.RouteValues["siteCode"] as string ?? request.Query["siteCode"];
        return Code is not { } only || string.IsNullOrEmpty(asked) || only.Is(asked);
    }

    private static Task RefuseAsync(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }
}
