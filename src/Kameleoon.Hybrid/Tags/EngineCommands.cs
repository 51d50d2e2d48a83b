using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid;

/// <summary>The commands of the tags inside a tracking tag.</summary>
internal sealed class EngineCommands
{
    private const string Mark = "s.setItem(k,1)";

    // An event that the engine holds is lost with the page, and nothing may be stored before the answer.
    private const string MarkAfterConsent = "if(Kameleoon.API.Visitor.experimentLegalConsent!=null)" + Mark + ";else "
        + "addEventListener(\"Kameleoon::LegalConsentUpdated\",function(e){var c=e.detail.legalConsentUpdate;"
        + "if(c.AB_TESTING||c.PERSONALIZATION)" + Mark + "})";

    private readonly List<(object? Giver, EngineCommand? Command)> _commands = [];

    internal static EngineCommands? Of(TagHelperContext context) =>
        context.Items.TryGetValue(typeof(EngineCommands), out var commands) ? (EngineCommands)commands : null;

    /// <param name="goal">The goal's id on the platform.</param>
    /// <param name="revenue">The revenue in the site's currency.</param>
    /// <param name="id">Distinguishes the conversion from others of the goal, or null.</param>
    internal static EngineCommand Conversion(int goal, decimal revenue, string? id = null) => new(
        new JsonArray("Goals.processConversion", goal, revenue),
        string.IsNullOrEmpty(id) ? null : string.Create(CultureInfo.InvariantCulture, $"kameleoonConversion:{goal}:{id}"));

    /// <returns>The command, or null without a value.</returns>
    internal static EngineCommand? CustomData(int index, string? value, IEnumerable<string>? values, bool? overwrite)
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

        return new EngineCommand(command);
    }

    /// <param name="command">The command, or null for none.</param>
    internal void Add(EngineCommand? command)
    {
        if (command is not null)
        {
            _commands.Add((null, command));
        }
    }

    /// <summary>Sets the command of a component, which may render several times.</summary>
    /// <param name="giver">The component.</param>
    /// <param name="command">The command, or null for none.</param>
    /// <returns>Whether it is another one than before.</returns>
    internal bool TrySet(object giver, EngineCommand? command)
    {
        var place = _commands.FindIndex(given => ReferenceEquals(given.Giver, giver));
        if (place < 0)
        {
            _commands.Add((giver, command));
            return command is not null;
        }

        var isChanged = !AreSame(_commands[place].Command, command);
        _commands[place] = (giver, command);
        return isChanged;
    }

    /// <summary>Returns the commands as statements.</summary>
    /// <param name="awaitsConsent">Whether the engine holds events of the visitor until consent is given.</param>
    /// <remarks>The serializer's default encoder leaves nothing that could end the script or begin another.</remarks>
    internal string ToCode(bool awaitsConsent)
    {
        var code = new StringBuilder();
        foreach (var (_, given) in _commands)
        {
            if (given is not { } command)
            {
                continue;
            }

            var push = $"window.kameleoonQueue.push({command.Call.ToJsonString()});";
            if (command.OnceKey is not { } key)
            {
                code.Append(push);
                continue;
            }

            // The mark is set by the engine, together with the command. A page whose engine never ran therefore sets no mark.
            code.Append("window.kameleoonQueue.push(function(){try{var s=localStorage,k=\"")
                .Append(JsonEncodedText.Encode(key))
                .Append("\";if(s.getItem(k))return;")
                .Append(awaitsConsent ? MarkAfterConsent : Mark)
                .Append("}catch(e){}")
                .Append(push)
                .Append("});");
        }

        return code.ToString();
    }

    private static bool AreSame(EngineCommand? one, EngineCommand? other) =>
        string.Equals(one?.OnceKey, other?.OnceKey, StringComparison.Ordinal) && JsonNode.DeepEquals(one?.Call, other?.Call);
}
