using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Marks requests that have one of the headers with which the application's scripts prefetch pages.</summary>
internal sealed class FetchedAhead
{
    private static readonly FetchedAhead Instance = new();

    private FetchedAhead()
    {
    }

    internal static void Mark(HttpContext context, string[] headers)
    {
        foreach (var header in headers)
        {
            if (RequestIntent.IsSet(context.Request, header))
            {
                context.Features.Set(Instance);
                return;
            }
        }
    }
}
