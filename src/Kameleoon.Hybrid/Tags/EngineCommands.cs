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

    /// <param name="command">The name of a method of the Activation API, and its values.</param>
    /// <remarks>The serializer's default encoder leaves nothing that could end the script or begin another.</remarks>
    internal void Add(JsonArray command) =>
        _code.Append("window.kameleoonQueue.push(").Append(command.ToJsonString()).Append(");");

    public override string ToString() => _code.ToString();
}
