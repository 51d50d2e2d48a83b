using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Where pages use our tags wrongly: in Development the page throws, elsewhere the mistake is logged once.</summary>
internal sealed class TagMistakes(ILogger<TagMistakes> logger, IHostEnvironment? environment = null)
{
    private readonly bool _throws = environment?.IsDevelopment() ?? false;
    private readonly LogOnce _reported = new();

    internal static string RouteOf(HttpContext? context) => context?.GetEndpoint()?.DisplayName ?? "no endpoint";

    /// <param name="context">The request whose page is being rendered, if there is one.</param>
    /// <param name="sentence">What is wrong and how to mend it.</param>
    /// <exception cref="InvalidOperationException">The environment is Development.</exception>
    internal void Report(HttpContext? context, string sentence)
    {
        var route = RouteOf(context);
        if (_throws)
        {
            throw new InvalidOperationException($"{sentence} (At {route}.)");
        }

        if (_reported.IsFirst(route + sentence))
        {
            logger.TagMisused(route, sentence);
        }
    }

    /// <summary>A page that a cache keeps for everybody must not hold what belongs to one visitor.</summary>
    /// <exception cref="InvalidOperationException">It does, and the environment is Development.</exception>
    internal void RefuseCache(HttpContext context, string tag)
    {
        if (FindCache(context) is { } cache)
        {
            Report(context, $"<{tag}> stands on a page that {cache} caches, and renders what belongs to one visitor. The "
                + "page was taken out of the cache. Remove the cache from this page, or the tag.");
        }
    }

    // A base policy caches what nobody objects to, and we do object; a policy by variation knows what is whose. Asking
    // for this very page is the mistake.
    private static string? FindCache(HttpContext context)
    {
        if (context.Features.Get<RequestVisitor>() is { Privacy.IsByVariation: true })
        {
            return null;
        }

        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<ResponseCacheAttribute>() is { NoStore: false, Location: not ResponseCacheLocation.None })
        {
            return "[ResponseCache]";
        }

        return context.Features.Get<IOutputCacheFeature>() is { Context.EnableOutputCaching: true }
            && (metadata?.GetMetadata<OutputCacheAttribute>() is not null || metadata?.GetMetadata<IOutputCachePolicy>() is not null)
                ? "the output cache"
                : null;
    }
}
