using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Answers only requests to loopback and to <c>Sandbox:AllowedHosts</c>.</summary>
/// <remarks>A site can let its own name lead to 127.0.0.1. To the browser its page is then of the same origin as the
/// sandbox; only the name in the request tells them apart.</remarks>
internal sealed class HostCheck(IOptions<KameleoonSandboxOptions> options)
{
    // Where the application honours forwarded headers, the host that the browser named is here.
    private const string OriginalHost = "X-Original-Host";

    private readonly AllowedHosts _allowed = new(options.Value.AllowedHosts);

    /// <summary>Wraps every endpoint of a group.</summary>
    internal void Wrap(IEndpointConventionBuilder endpoints) => endpoints.Add(endpoint =>
    {
        var answer = endpoint.RequestDelegate!;
        endpoint.RequestDelegate = context => FindForeign(context.Request) is { } host ? RejectAsync(context, host) : answer(context);
    });

    private string? FindForeign(HttpRequest request)
    {
        if (!_allowed.Contains(request.Host.Host))
        {
            return request.Host.Host;
        }

        var original = request.Headers[OriginalHost].ToString();
        return original.Length == 0 || _allowed.Contains(new HostString(original).Host) ? null : original;
    }

    private static Task RejectAsync(HttpContext context, string host)
    {
        context.Response.StatusCode = StatusCodes.Status403Forbidden;
        context.Response.ContentType = "text/plain; charset=utf-8";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return context.Response.WriteAsync(
            $"The sandbox's live page and control endpoints do not answer under \"{host}\", only under localhost, loopback "
            + "addresses and configured hosts. To allow this one, set Kameleoon:Sandbox:AllowedHosts to it; several are separated "
            + "by semicolons.",
            context.RequestAborted);
    }
}
