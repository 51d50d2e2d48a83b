using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Lets the engine report a conversion with the page. Stands inside <c>kameleoon-tracking</c>.</summary>
/// <remarks>Reported by the browser only; do not call
/// <see cref="IKameleoonClient.TrackConversion(int, decimal, bool, CustomData[])"/> for it too.</remarks>
[HtmlTargetElement("kameleoon-conversion", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ConversionTagHelper : EngineCommandTagHelper
{
    /// <summary>The goal's id on the platform.</summary>
    public int? Goal { get; set; }

    /// <summary>The revenue in the site's currency. Default 0.</summary>
    public decimal Revenue { get; set; }

    /// <summary>Distinguishes the conversion from others of the goal, for example an order number. With an id a browser
    /// sends the conversion once, even if the page is loaded again. Default: none.</summary>
    public string? Id { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.SuppressOutput();
        if (Goal is { } goal)
        {
            Give(context, "kameleoon-conversion", EngineCommands.Conversion(goal, Revenue, Id));
        }
        else
        {
            Report("<kameleoon-conversion> does not say of which goal. Give it a goal attribute with the goal's id.");
        }
    }
}
