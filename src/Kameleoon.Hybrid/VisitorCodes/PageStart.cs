using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Marks the endpoint that a cached page calls before its engine starts. Like the request for a page, such a
/// call may change the visitor code. Later requests of a page never change it.</summary>
internal sealed class PageStart
{
    internal static bool Is(HttpContext context) =>
        RequestIntent.CanKeepCookie(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<PageStart>() is not null;
}
