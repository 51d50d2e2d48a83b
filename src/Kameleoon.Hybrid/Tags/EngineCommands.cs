using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>The commands that the children of a tracking tag give to it.</summary>
internal sealed class EngineCommands
{
    private readonly StringBuilder _code = new();

    internal static EngineCommands? Of(TagHelperContext context) =>
        context.Items.TryGetValue(typeof(EngineCommands), out var commands) ? (EngineCommands)commands : null;

    internal static JsonArray Conversion(int goal, decimal revenue) => new("Goals.processConversion", goal, revenue);

    /// <returns>The command, or null without a value.</returns>
    internal static JsonArray? CustomData(int index, string? value, IEnumerable<string>? values, bool? overwrite)
    {
        var all = new JsonArray();
        foreach (var text in value is null ? values ?? [] : [value, .. values ?? []])
        {
            all.Add((JsonNode)text);
        }

        if (all.Count == 0)
        {
            return null;
        }

        var command = new JsonArray("Data.setCustomData", index, all);
        if (overwrite is { } replaces)
        {
            command.Add((JsonNode)replaces);
        }

        return command;
    }

    /// <param name="command">The name of a method of the Activation API, and its values; null for none.</param>
    /// <remarks>The serializer's default encoder leaves nothing that could end the script or begin another.</remarks>
    internal void Add(JsonArray? command)
    {
        if (command is not null)
        {
            _code.Append("window.kameleoonQueue.push(").Append(command.ToJsonString()).Append(");");
        }
    }

    public override string ToString() => _code.ToString();
}
