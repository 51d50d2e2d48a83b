using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Takes the visitor code out of an address that people might share.</summary>
internal static class CleanAddress
{
    /// <summary>The path and query of a request without the visitor code, or null where a browser would understand
    /// another host.</summary>
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
