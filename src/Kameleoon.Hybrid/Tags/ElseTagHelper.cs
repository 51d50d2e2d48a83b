using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

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
        if (FlagChoice.Of(context) is not { } choice)
        {
            output.SuppressOutput();
            Report("<kameleoon-else> stands outside of a <kameleoon-flag>, so it is nobody's else. Put it inside, as the last.");
        }
        else if (!choice.ChooseElse())
        {
            output.SuppressOutput();
        }
    }
}
