using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Reports tags that a page uses wrongly: throws in Development, and logs each mistake once elsewhere.</summary>
internal sealed class TagMistakes(ILogger<TagMistakes> logger, IHostEnvironment? environment = null)
{
    private readonly bool _throws = environment?.IsDevelopment() ?? false;
    private readonly LogOnce _reported = new();

    /// <param name="context">The request whose page is being rendered, if there is one.</param>
    /// <param name="sentence">What is wrong and how to fix it.</param>
    /// <param name="cause">The exception to name, if there is one. Its text may differ from request to request, so it does not
    /// decide whether the mistake is logged.</param>
    /// <exception cref="InvalidOperationException">The environment is Development.</exception>
    internal void Report(HttpContext? context, string sentence, Exception? cause = null)
    {
        var route = RouteName.Of(context);
        if (_throws)
        {
            throw new InvalidOperationException($"{sentence} (At {route}.)", cause);
        }

        if (_reported.IsFirst(route + sentence))
        {
            logger.TagMisused(route, cause is null ? sentence : $"{sentence} {ErrorText.Of(cause)}");
        }
    }

    /// <summary>Reports a tag that renders one visitor's content on a page that a cache shares between visitors.</summary>
    /// <exception cref="InvalidOperationException">A cache shares the page, and the environment is Development.</exception>
    internal void RefuseCache(HttpContext context, string tag)
    {
        if (FindCache(context) is { } cache)
        {
            Report(context, $"<{tag}> stands on a page that {cache} caches, and renders what belongs to one visitor. The "
                + "page was taken out of the cache. Remove the cache from this page, or the tag.");
        }
    }

    // A base policy caches all pages that do not object, and this page objects. A policy by variation keeps copies apart.
    // The mistake is a policy of the endpoint itself.
    private static string? FindCache(HttpContext context)
    {
        if (context.Features.Find<RequestVisitor>() is { Privacy.IsByVariation: true })
        {
            return null;
        }

        var metadata = context.GetEndpoint()?.Metadata;
        if (metadata?.GetMetadata<ResponseCacheAttribute>() is { NoStore: false, Location: not ResponseCacheLocation.None })
        {
            return "[ResponseCache]";
        }

        return context.Features.Find<IOutputCacheFeature>() is { Context.EnableOutputCaching: true }
            && (metadata?.GetMetadata<OutputCacheAttribute>() is not null || metadata?.GetMetadata<IOutputCachePolicy>() is not null)
                ? "the output cache"
                : null;
    }
}
