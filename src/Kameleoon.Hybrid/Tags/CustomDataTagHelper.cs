using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.TagHelpers;

/// <summary>Lets the engine report custom data with the page. Stands inside <c>kameleoon-tracking</c>.</summary>
/// <remarks>For reports and the browser's targeting. Decisions on the server know only what
/// <see cref="IKameleoonClient.AddData(IVisitorData[])"/> was given.</remarks>
[HtmlTargetElement("kameleoon-custom-data", TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CustomDataTagHelper : EngineCommandTagHelper
{
    /// <summary>The custom data's index on the platform.</summary>
    public int? Index { get; set; }

    /// <summary>A single value.</summary>
    public string? Value { get; set; }

    /// <summary>Several values; they come after <see cref="Value"/>.</summary>
    public IEnumerable<string>? Values { get; set; }

    /// <summary>Whether the values replace those of before. Default: as the platform's settings say.</summary>
    public bool? Overwrite { get; set; }

    /// <inheritdoc/>
    public override void Process(TagHelperContext context, TagHelperOutput output)
    {
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(output);
        output.SuppressOutput();
        if (Index is { } index)
        {
            Give(context, "kameleoon-custom-data", EngineCommands.CustomData(index, Value, Values, Overwrite));
        }
        else
        {
            Report("<kameleoon-custom-data> does not say which. Give it an index attribute.");
        }
    }
}
