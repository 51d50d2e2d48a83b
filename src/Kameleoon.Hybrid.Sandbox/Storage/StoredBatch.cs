using Microsoft.AspNetCore.WebUtilities;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One request of events as it was received. Counts are computed from it again at the next start.</summary>
internal sealed record StoredBatch(DateTimeOffset Time, string Query, BrowserIdentity Facts, string Body)
{
    /// <summary>The body without the lines of some visitors; empty when nothing is left.</summary>
    internal string BodyWithout(IReadOnlySet<string> codes)
    {
        var query = QueryHelpers.ParseQuery(Query);
        if (codes.Contains(query.GetValueOrDefault("visitorCode").ToString()))
        {
            return "";
        }

        // The documented form that no SDK uses goes as a whole.
        if (query.GetValueOrDefault("json").ToString().Equals("true", StringComparison.OrdinalIgnoreCase))
        {
            return EventJson.Lines(Body).Any(line => IsOf(line, codes)) ? "" : Body;
        }

        var lines = Body.Split('\n');
        var kept = lines.Where(line => !IsOf(line, codes)).ToList();
        return kept.Count == lines.Length ? Body : string.Join('\n', kept);
    }

    private static bool IsOf(string line, IReadOnlySet<string> codes) =>
        EventLineParser.Parse(line.TrimEnd('\r'), null, null).VisitorCode is { } code && codes.Contains(code);
}
