using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Names the flags that use a segment.</summary>
internal static class SegmentUsers
{
    private const int MaxNamed = 10;

    /// <summary>Adds warnings about segments, each with the segment and the flags that use it.</summary>
    internal static void Warn(
        IEnumerable<(Segment Segment, string Sentence)> problems, KeyedMap<FeatureFlag> flags, Warnings warnings)
    {
        foreach (var (segment, sentence) in problems)
        {
            var users = flags.Values.Where(flag => flag.RuleTable.Any(rule => Reaches(rule.Segment, segment))).ToArray();
            var named = string.Join(", ", users.Take(MaxNamed).Select(static flag => $"'{flag.Key}'"));
            warnings.Add(string.Create(
                CultureInfo.InvariantCulture,
                $"{sentence} It stands in segment {segment.Id}, {(users.Length == 0 ? "which no flag uses" : $"of the flags {named}")}."));
        }
    }

    private static bool Reaches(Segment start, Segment wanted)
    {
        var seen = new HashSet<Segment>();
        var waiting = new Stack<Segment>([start]);
        while (waiting.TryPop(out var segment))
        {
            if (ReferenceEquals(segment, wanted))
            {
                return true;
            }

            foreach (var nested in seen.Add(segment) ? segment.Nested : [])
            {
                waiting.Push(nested);
            }
        }

        return false;
    }
}
