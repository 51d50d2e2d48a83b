using System.Text.Json;
using Microsoft.AspNetCore.WebUtilities;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The events of one request, and the SDK that sent them.</summary>
internal sealed record EventBatch(
    EventSender Sender, IReadOnlyList<EventLine> Lines, BrowserIdentity Facts, string? Sdk = null)
{
    /// <summary>Reads a body of one event a line, as the engine and the server SDKs send it, or with <c>json=true</c> a
    /// list of objects.</summary>
    internal static EventBatch Parse(string queryString, string body, BrowserIdentity facts)
    {
        var query = QueryHelpers.ParseQuery(queryString);
        var engine = Says("engine", "true");
        var urlCode = query.GetValueOrDefault("visitorCode") is [{ Length: > 0 } code, ..] ? code : null;
        var problem = engine || query.ContainsKey("sdkName")
            ? null
            : "The request says neither engine=true nor sdkName, so its sender is taken for a server.";

        var lines = new List<EventLine>();
        if (Says("json", "true"))
        {
            lines.AddRange(EventJson.Lines(body).Select(line => EventLineParser.Parse(line, urlCode, problem)));
        }
        else
        {
            foreach (var range in body.AsSpan().Split('\n'))
            {
                var line = body.AsSpan(range).TrimEnd('\r');
                if (!line.IsWhiteSpace())
                {
                    lines.Add(EventLineParser.Parse(line, urlCode, problem));
                }
            }
        }

        var sdk = !engine && query.GetValueOrDefault("sdkName") is [{ Length: > 0 } named, ..] ? Violations.Quote(named) : null;
        return new EventBatch(engine ? EventSender.Engine : EventSender.Server, lines, facts, sdk);

        bool Says(string name, string value) =>
            string.Equals(query.GetValueOrDefault(name), value, StringComparison.OrdinalIgnoreCase);
    }
}

/// <summary>The documented second form of a body: a JSON list of events, which no SDK uses.</summary>
internal static class EventJson
{
    /// <summary>The events as lines; what is no list of objects becomes one line that breaks the format.</summary>
    internal static IReadOnlyList<string> Lines(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(HalfPairs.Replace(body));
            return document.RootElement.ValueKind == JsonValueKind.Array
                ? [.. document.RootElement.EnumerateArray().Select(Line)]
                : ["json"];
        }
        catch (JsonException)
        {
            return ["json"];
        }
    }

    private static string Line(JsonElement item) => item.ValueKind != JsonValueKind.Object
        ? "json"
        : string.Join('&', item.EnumerateObject().Select(member =>
            $"{Uri.EscapeDataString(member.Name)}={Uri.EscapeDataString(Text(member.Value))}"));

    private static string Text(JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();
}
