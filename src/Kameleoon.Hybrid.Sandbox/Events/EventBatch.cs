using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The events of one request.</summary>
internal sealed record EventBatch(Sender Sender, IReadOnlyList<EventLine> Lines)
{
    /// <summary>Reads a body of one event a line, as the engine and the server SDKs send it.</summary>
    internal static EventBatch Parse(IQueryCollection query, string body)
    {
        var engine = string.Equals(query["engine"], "true", StringComparison.OrdinalIgnoreCase);
        var urlCode = query["visitorCode"] is [{ Length: > 0 } code, ..] ? code : null;
        var problem = engine || query.ContainsKey("sdkName")
            ? null
            : "The request says neither engine=true nor sdkName, so its sender is taken for a server.";

        var lines = new List<EventLine>();
        foreach (var line in body.AsSpan().EnumerateLines())
        {
            if (!line.IsWhiteSpace())
            {
                lines.Add(EventLineParser.Parse(line, urlCode, problem));
            }
        }

        return new EventBatch(engine ? Sender.Engine : Sender.Server, lines);
    }
}
