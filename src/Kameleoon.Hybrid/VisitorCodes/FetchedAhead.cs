using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Marks requests that have one of the headers with which the application's scripts prefetch pages.</summary>
internal sealed class FetchedAhead
{
    private static readonly FetchedAhead Instance = new();

    private static bool _isUsed;

    private FetchedAhead()
    {
    }

    /// <summary>Whether a request is marked. Costs nothing in applications that mark none.</summary>
    internal static bool IsMarked(HttpContext context) =>
        Volatile.Read(ref _isUsed) && context.Features.Find<FetchedAhead>() is not null;

    internal static void Mark(HttpContext context, string[] headers)
    {
        foreach (var header in headers)
        {
            if (RequestIntent.IsSet(context.Request.Headers, header))
            {
                Volatile.Write(ref _isUsed, true);
                context.Features.Set(Instance);
                return;
            }
        }
    }
}
