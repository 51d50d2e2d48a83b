using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Renders its content for visitors of one variation. For all others the content is not executed.</summary>
/// <remarks>Stands alone with <c>flag</c> and <c>key</c>, or inside a <c>kameleoon-flag</c> with <c>key</c>. Alone it is
/// counted as an evaluation, once for the page and flag.</remarks>
[HtmlTargetElement("kameleoon-variation")]
public sealed class VariationTagHelper : KameleoonTagHelper
{
    /// <summary>The flag's key, compared ordinally. Default: that of the <c>kameleoon-flag</c> around.</summary>
    public string? Flag { get; set; }

    /// <summary>The variation's key, compared ordinally.</summary>
    public string Key { get; set; } = "";

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.TagName = null;
        if (!IsChosen(context))
        {
            output.SuppressOutput();
        }
    }

    private bool IsChosen(TagHelperContext context)
    {
        if (string.IsNullOrEmpty(Key))
        {
            Report("<kameleoon-variation> does not name its variation. Give it a key attribute with the variation's key.");
            return false;
        }

        return Flag is null
            ? FlagChoice.IsVariationChosen(FlagChoice.Of(context), Key, VariationElements.Tags, Report)
            : Get<VariationTag>().IsChosen(HttpContext, Flag, Key);
    }
}
