using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Decides the flag of a variation tag, once for the page and flag, and keeps the page out of shared caches.</summary>
internal sealed class VariationTag(TagMistakes mistakes)
{
    /// <summary>Returns whether the visitor has a variation of a flag. Keys are compared ordinally.</summary>
    internal bool IsChosen(HttpContext context, string featureKey, string variationKey) =>
        string.Equals(Decide(context, featureKey).Key, variationKey, StringComparison.Ordinal);

    /// <summary>Returns the visitor's variation of a flag.</summary>
    internal Variation Decide(HttpContext context, string featureKey)
    {
        var visitor = RequestVisitor.Of(context);
        var variation = visitor.Page.Decide(visitor.Client, featureKey);
        mistakes.RefuseCache(context, "kameleoon-variation");
        return variation;
    }
}
