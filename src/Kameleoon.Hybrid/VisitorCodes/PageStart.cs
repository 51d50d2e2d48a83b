using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Marks the endpoint that a page out of a cache asks before its engine starts: there, as with a page that is
/// made, a visitor may become another one. What a page fetches later never changes its code.</summary>
internal sealed class PageStart
{
    internal static bool Is(HttpContext context) =>
        RequestIntent.CanKeepCookie(context.Request) || context.GetEndpoint()?.Metadata.GetMetadata<PageStart>() is not null;
}
