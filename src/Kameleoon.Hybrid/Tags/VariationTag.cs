using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>Decides the flag of a variation tag.</summary>
internal sealed class VariationTag(TagMistakes mistakes)
{
    internal Variation Decide(HttpContext context, string featureKey)
    {
        var visitor = RequestVisitor.Of(context);
        var variation = visitor.Page.Decide(visitor.Client, featureKey);
        mistakes.RefuseCache(context, "kameleoon-variation");
        return variation;
    }
}
