using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Finds segments that refer to each other without end, or too deep, before any decision meets them.</summary>
internal static class SegmentGraph
{
    private const int MaxNamed = 10;

    internal static void Check(IReadOnlyCollection<Segment> segments, Warnings warnings)
    {
        var asking = segments.Where(segment => segment.Nested.Count > 0).ToArray();
        var depths = Settle(asking);
        if (depths.Count < asking.Length)
        {
            var circular = asking
                .Where(segment => !depths.ContainsKey(segment))
                .Take(MaxNamed)
                .Select(segment => segment.Id.ToString(CultureInfo.InvariantCulture));
            warnings.Add($"Segments refer to themselves, or to segments that do ({string.Join(", ", circular)}); "
                + "inside itself none ever holds.");
        }

        if (depths.Values.Any(depth => depth > TargetingContext.MaxDepth))
        {
            warnings.Add(
                $"Segments refer to segments more than {TargetingContext.MaxDepth} deep; deeper ones never hold.");
        }
    }

    /// <param name="segments">All that ask others.</param>
    /// <returns>How deep each of them reaches; those that reach into a circle are absent.</returns>
    private static Dictionary<Segment, int> Settle(Segment[] segments)
    {
        var waiting = segments.ToDictionary(
            segment => segment,
            segment => segment.Nested.Count(nested => nested.Nested.Count > 0));
        var askedBy = segments
            .SelectMany(segment => segment.Nested, (asking, asked) => (asking, asked))
            .ToLookup(pair => pair.asked, pair => pair.asking);

        var depths = new Dictionary<Segment, int>();
        var ready = new Queue<Segment>(segments.Where(segment => waiting[segment] == 0));
        while (ready.TryDequeue(out var segment))
        {
            depths[segment] = 1 + segment.Nested.Max(nested => depths.GetValueOrDefault(nested, 1));
            foreach (var asking in askedBy[segment])
            {
                if (--waiting[asking] == 0)
                {
                    ready.Enqueue(asking);
                }
            }
        }

        return depths;
    }
}
