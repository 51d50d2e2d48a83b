using System.Text.Json;
using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads a data file as nodes that can be changed.</summary>
/// <remarks>A node that is parsed directly fails at its first use when a member stands twice. Here the last one counts, as for
/// the SDKs.</remarks>
internal static class EditableJson
{
    internal static JsonObject Parse(byte[] dataFile)
    {
        using var document = JsonDocument.Parse(dataFile);
        return ObjectOf(document.RootElement);
    }

    private static JsonObject ObjectOf(JsonElement element)
    {
        var node = new JsonObject();
        foreach (var member in element.EnumerateObject())
        {
            node[member.Name] = NodeOf(member.Value);
        }

        return node;
    }

    private static JsonNode? NodeOf(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => ObjectOf(element),
        JsonValueKind.Array => new JsonArray([.. element.EnumerateArray().Select(NodeOf)]),
        JsonValueKind.Null => null,
        _ => JsonValue.Create(element.Clone()),
    };
}
