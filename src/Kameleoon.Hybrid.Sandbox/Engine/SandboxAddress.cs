using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Computes the URL under which the caller reaches the sandbox.</summary>
/// <remarks>Behind a proxy the caller's URL is in forwarded headers. They are accepted from every caller, because the result
/// is only returned to the caller that sent them.</remarks>
internal static class SandboxAddress
{
    /// <summary>The absolute URL of the folder the requested file is in, without a trailing slash.</summary>
    internal static string Of(HttpRequest request)
    {
        // Routing accepts a trailing slash after the file name too.
        var path = request.Path.Value!.TrimEnd('/');
        var folder = new PathString(path[..path.LastIndexOf('/')]);
        return UriHelper.BuildAbsolute(SchemeOf(request), HostOf(request), BaseOf(request), folder).TrimEnd('/');
    }

    private static string SchemeOf(HttpRequest request) => First(request, "X-Forwarded-Proto") switch
    {
        { } scheme when string.Equals(scheme, "https", StringComparison.OrdinalIgnoreCase) => "https",
        { } scheme when string.Equals(scheme, "http", StringComparison.OrdinalIgnoreCase) => "http",
        _ => request.Scheme,
    };

    private static HostString HostOf(HttpRequest request) =>
        First(request, "X-Forwarded-Host") is { } host && Uri.TryCreate($"http://{host}/", UriKind.Absolute, out var address)
            && string.Equals(address.Authority, host, StringComparison.OrdinalIgnoreCase)
            ? new HostString(host)
            : request.Host;

    private static PathString BaseOf(HttpRequest request) =>
        First(request, "X-Forwarded-Prefix") is { } prefix && prefix.StartsWith('/') && !prefix.StartsWith("//", StringComparison.Ordinal)
            ? new PathString(prefix.TrimEnd('/')).Add(request.PathBase)
            : request.PathBase;

    // Each proxy on the way appends its own entry; the first is about the caller.
    private static string? First(HttpRequest request, string name) =>
        request.Headers[name] is [{ Length: > 0 } values, ..] && values.Split(',')[0].Trim() is { Length: > 0 } first ? first : null;
}
