namespace Kameleoon.Hybrid.Decisions;

/// <summary>Compiles the segments, which may refer to flags and to each other.</summary>
internal sealed class SegmentCompiler(Warnings warnings)
{
    private readonly OrderedDictionary<long, (Segment Segment, SegmentDocument Source)> _segments = [];

    /// <summary>The audiences to report, in the order of the file.</summary>
    internal Segment[] Audiences =>
        [.. _segments.Values.Select(entry => entry.Segment).Where(segment => segment.IsAudience)];

    internal Segment Find(long? id) =>
        id is { } known && _segments.TryGetValue(known, out var entry) ? entry.Segment : Segment.Everybody;

    internal void Compile(IEnumerable<SegmentDocument> sources, IReadOnlyCollection<FlagDocument> flags)
    {
        var ordinal = 0;
        foreach (var source in sources)
        {
            // The later of two segments of one id wins.
            var segment = new Segment(source.Id ?? 0, ordinal++, source.AudienceTracking ?? false);
            _segments[segment.Id] = (segment, source);
        }

        var catalogue = new TargetingCatalogue(
            _segments.ToDictionary(entry => entry.Key, entry => entry.Value.Segment),
            ById(flags),
            VariationKeys(flags),
            warnings);
        foreach (var (segment, source) in _segments.Values)
        {
            Compile(segment, source.ConditionsData, catalogue);
        }

        SegmentBasis.Settle([.. _segments.Values.Select(entry => entry.Segment)]);
        SegmentGraph.Check([.. _segments.Values.Select(entry => entry.Segment)], warnings);
    }

    private static void Compile(Segment segment, ConditionsDocument? source, TargetingCatalogue catalogue)
    {
        var nested = new List<Segment>();
        var groups = new List<TargetingNode>();
        foreach (var group in source?.FirstLevel ?? [])
        {
            if (group is null)
            {
                continue;
            }

            var conditions = new List<TargetingNode>();
            foreach (var condition in group.Conditions ?? [])
            {
                if (condition is not null)
                {
                    conditions.Add(ConditionTypes.Compile(condition, catalogue));
                }
            }

            segment.Size += conditions.Count;
            nested.AddRange(conditions
                .OfType<SegmentCondition>()
                .Select(condition => condition.Segment)
                .OfType<Segment>());
            groups.Add(Fold.Of([.. conditions], group.OrOperators));
        }

        segment.Nested = nested;
        segment.Root = Fold.Of([.. groups], source?.FirstLevelOrOperators);
    }

    private static Dictionary<long, FlagDocument> ById(IEnumerable<FlagDocument> flags)
    {
        var byId = new Dictionary<long, FlagDocument>();
        foreach (var flag in flags)
        {
            byId[flag.Id ?? 0] = flag;
        }

        return byId;
    }

    private static Dictionary<long, string> VariationKeys(IEnumerable<FlagDocument> flags)
    {
        var keys = new Dictionary<long, string>();
        foreach (var exposed in flags
            .SelectMany(flag => flag.Rules ?? [])
            .SelectMany(rule => rule?.VariationByExposition ?? []))
        {
            if (exposed is { VariationId: { } id })
            {
                keys[id] = exposed.VariationKey ?? "";
            }
        }

        return keys;
    }
}
