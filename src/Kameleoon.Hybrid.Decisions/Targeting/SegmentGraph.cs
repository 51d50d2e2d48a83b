using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Warns about segments that refer to each other in a circle or too deep.</summary>
internal static class SegmentGraph
{
    private const int MaxNamed = 10;

    internal static void WarnAboutCycles(IReadOnlyCollection<Segment> segments, Warnings warnings)
    {
        var referring = segments.Where(segment => segment.Nested.Count > 0).ToArray();
        var depths = ComputeDepths(referring);
        if (depths.Count < referring.Length)
        {
            var circular = referring
                .Where(segment => !depths.ContainsKey(segment))
                .Take(MaxNamed)
                .Select(segment => segment.Id.ToString(CultureInfo.InvariantCulture));
            warnings.Add($"Segments refer to themselves, or to segments that do ({string.Join(", ", circular)}); "
                + "within itself a segment never matches.");
        }

        if (depths.Values.Any(depth => depth > TargetingContext.MaxDepth))
        {
            warnings.Add(
                $"Segments refer to segments more than {TargetingContext.MaxDepth} deep; deeper ones never match.");
        }
    }

    /// <param name="segments">The segments that refer to others.</param>
    /// <returns>The nesting depth of each; segments that lead into a circle are absent.</returns>
    private static Dictionary<Segment, int> ComputeDepths(Segment[] segments)
    {
        var waiting = segments.ToDictionary(
            segment => segment,
            segment => segment.Nested.Count(nested => nested.Nested.Count > 0));
        var referredBy = segments
            .SelectMany(segment => segment.Nested, (referring, nested) => (referring, nested))
            .ToLookup(pair => pair.nested, pair => pair.referring);

        var depths = new Dictionary<Segment, int>();
        var ready = new Queue<Segment>(segments.Where(segment => waiting[segment] == 0));
        while (ready.TryDequeue(out var segment))
        {
            depths[segment] = 1 + segment.Nested.Max(nested => depths.GetValueOrDefault(nested, 1));
            foreach (var referring in referredBy[segment])
            {
                if (--waiting[referring] == 0)
                {
                    ready.Enqueue(referring);
                }
            }
        }

        return depths;
    }
}
