using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Decides a flag for the tags inside it: <c>kameleoon-variation</c>, and <c>kameleoon-else</c> as the last.
/// </summary>
/// <remarks>Counted as an evaluation, once for the page.</remarks>
[HtmlTargetElement("kameleoon-flag")]
public sealed class FlagTagHelper : KameleoonTagHelper
{
    /// <summary>The flag's key, compared ordinally.</summary>
    public string Key { get; set; } = "";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        if (string.IsNullOrEmpty(Key))
        {
            output.SuppressOutput();
            Report("<kameleoon-flag> does not say which. Give it a key attribute with the flag's key.");
            return;
        }

        context.Items[typeof(FlagChoice)] = new FlagChoice(Get<VariationTag>().Decide(HttpContext, Key).Key);
    }
}
