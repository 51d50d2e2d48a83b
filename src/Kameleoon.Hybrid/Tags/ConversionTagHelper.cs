using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>Lets the engine report a conversion with the page. Stands inside <c>kameleoon-tracking</c>.</summary>
/// <remarks>Reported by the browser only; do not call <see cref="IKameleoonClient.TrackConversion"/> for it too.</remarks>
[HtmlTargetElement("kameleoon-conversion", ParentTag = "kameleoon-tracking", Attributes = "goal",
    TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class ConversionTagHelper : TagHelper
{
    /// <summary>The goal's id on the platform.</summary>
    public int Goal { get; set; }

    /// <summary>The revenue in the site's currency. Default 0.</summary>
    public decimal Revenue { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        EngineCommands.Of(context)?.Add(new JsonArray("Goals.processConversion", Goal, Revenue));
        output.SuppressOutput();
    }
}
