using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>Lets the engine report custom data with the page. Stands inside <c>kameleoon-tracking</c>.</summary>
/// <remarks>For reports and the browser's targeting. Decisions on the server know only what
/// <see cref="IKameleoonClient.AddData"/> was given.</remarks>
[HtmlTargetElement("kameleoon-custom-data", ParentTag = "kameleoon-tracking", Attributes = "index",
    TagStructure = TagStructure.NormalOrSelfClosing)]
public sealed class CustomDataTagHelper : TagHelper
{
    /// <summary>The custom data's index on the platform.</summary>
    public int Index { get; set; }

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
        var values = new JsonArray();
        foreach (var value in Value is null ? Values ?? [] : [Value, .. Values ?? []])
        {
            values.Add((JsonNode)value);
        }

        if (values.Count > 0)
        {
            var command = new JsonArray("Data.setCustomData", Index, values);
            if (Overwrite is { } overwrite)
            {
                command.Add((JsonNode)overwrite);
            }

            EngineCommands.Of(context)?.Add(command);
        }

        output.SuppressOutput();
    }
}
