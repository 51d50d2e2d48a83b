using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Renders its content for visitors whose variation had no tag before it in the same <c>kameleoon-flag</c>.
/// </summary>
[HtmlTargetElement("kameleoon-else")]
public sealed class ElseTagHelper : KameleoonTagHelper
{
    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        if (!FlagChoice.IsElseChosen(FlagChoice.Of(context), VariationElements.Tags, Report))
        {
            output.SuppressOutput();
        }
    }
}
