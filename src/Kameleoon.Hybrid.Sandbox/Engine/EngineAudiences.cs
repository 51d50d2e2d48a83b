using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Divides the segments between <c>engine.js</c>, which has those of campaigns, and
/// <c>audiences/segments.js</c>, which has the opportunity segments.</summary>
internal static class EngineAudiences
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromDays(90);
    private static readonly string[] TestPrefixes = ["[DEV]", "[TEST]", "[QA]"];

    /// <summary>Returns the configuration without the segments that no campaign uses, where there are opportunity
    /// segments.</summary>
    internal static EngineConfiguration WithAudiencesApart(EngineConfiguration whole) => whole.Opportunities
        ? whole with { Segments = UsedBy(whole, whole.Experiments, whole.Personalizations) }
        : whole;

    /// <summary>The segments that were created or changed in the last 90 days and are not named as tests.</summary>
    internal static IReadOnlyList<EngineSegment> OpportunitiesOf(EngineConfiguration whole, DateTimeOffset now)
    {
        var oldest = (now - MaxAge).ToUnixTimeMilliseconds();
        return
        [
            .. whole.Segments
                .Select(segment => segment with
                {
                    DateCreated = segment.DateCreated ?? segment.DateModified ?? whole.GeneratedAt,
                    DateModified = segment.DateModified ?? segment.DateCreated ?? whole.GeneratedAt,
                })
                .Where(segment => Math.Max(segment.DateCreated!.Value, segment.DateModified!.Value) >= oldest
                    && !TestPrefixes.Any(prefix => segment.Name.StartsWith(prefix, StringComparison.Ordinal))),
        ];
    }

    /// <summary>The segments of these campaigns, and those that their conditions name.</summary>
    internal static IReadOnlyList<EngineSegment> UsedBy(
        EngineConfiguration whole,
        IEnumerable<EngineExperiment> experiments,
        IEnumerable<EnginePersonalization> personalizations)
    {
        var campaigns = personalizations.ToList();
        var wanted = new Queue<long>(experiments.Select(one => one.SegmentId)
            .Concat(campaigns.Select(one => one.SegmentId))
            .OfType<long>()
            .Concat(campaigns.SelectMany(one => Named(one.Scenario)))
            .Concat(whole.Triggers.SelectMany(one => Named(one.ConditionsData))));
        var found = new HashSet<long>();
        while (wanted.TryDequeue(out var id))
        {
            if (found.Add(id))
            {
                foreach (var inner in whole.Segments.Where(one => one.Id == id).SelectMany(one => Named(one.ConditionsData)))
                {
                    wanted.Enqueue(inner);
                }
            }
        }

        return [.. whole.Segments.Where(one => found.Contains(one.Id))];
    }

    private static IEnumerable<long> Named(JsonElement? tree)
    {
        if (tree is not { ValueKind: JsonValueKind.Object } root || !root.TryGetProperty("firstLevel", out var groups)
            || groups.ValueKind != JsonValueKind.Array)
        {
            return [];
        }

        return groups.EnumerateArray()
            .Where(group => group.ValueKind == JsonValueKind.Object)
            .Select(group => group.TryGetProperty("conditions", out var list) ? list : default)
            .Where(list => list.ValueKind == JsonValueKind.Array)
            .SelectMany(list => list.EnumerateArray())
            .Where(condition => condition.ValueKind == JsonValueKind.Object)
            .Select(condition => condition.TryGetProperty("segmentId", out var id) ? id : default)
            .Select(id => id.ValueKind is JsonValueKind.Number or JsonValueKind.String
                && long.TryParse(id.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : (long?)null)
            .OfType<long>();
    }
}
