using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Removes the visitor code from an address, so that a shared address does not share the visitor.</summary>
internal static class CleanAddress
{
    /// <summary>Returns the path and query of a request without the visitor code, or null for a path that a browser
    /// would read as another host.</summary>
    internal static string? Of(HttpRequest request)
    {
        var path = (request.PathBase + request.Path).ToUriComponent();
        if (path is not ['/', not ('/' or '\\'), ..] and not "/")
        {
            return null;
        }

        var rest = request.QueryString.Value![1..].Split('&').Where(static pair => !IsVisitorCode(pair));
        var query = string.Join('&', rest);
        return query.Length > 0 ? path + "?" + query : path;
    }

    private static bool IsVisitorCode(string pair) => Uri.UnescapeDataString(pair.Split('=', 2)[0])
        .Equals(VisitorCookie.Name, StringComparison.OrdinalIgnoreCase);
}
