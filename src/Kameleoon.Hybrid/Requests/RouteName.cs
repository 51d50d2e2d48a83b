using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Names the endpoint of a request in log messages.</summary>
internal static class RouteName
{
    /// <summary>Returns the display name of the endpoint, or a text that says that there is none.</summary>
    internal static string Of(HttpContext? context) => context?.GetEndpoint()?.DisplayName ?? "no endpoint";
}
