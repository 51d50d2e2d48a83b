using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Extensions;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Computes the URL under which the caller reaches the sandbox.</summary>
internal static class SandboxAddress
{
    /// <summary>The absolute URL of the folder the requested file is in, without a trailing slash.</summary>
    internal static string Of(HttpRequest request)
    {
        // Routing accepts a trailing slash after the file name too.
        var path = request.Path.Value!.TrimEnd('/');
        var folder = new PathString(path[..path.LastIndexOf('/')]);
        return UriHelper.BuildAbsolute(request.Scheme, request.Host, request.PathBase, folder).TrimEnd('/');
    }
}
