namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the segments, to which rules and other segments may refer before they are read.</summary>
internal sealed class SegmentReader
{
    private readonly List<Segment> _segments = [];
    private readonly TargetingCatalogue _catalogue;
    private readonly ConditionTreeReader _trees;

    internal SegmentReader()
    {
        _catalogue = new TargetingCatalogue(Warnings);
        _trees = new ConditionTreeReader(_catalogue);
    }

    internal Warnings Warnings { get; } = new();

    /// <summary>The audiences to report, in the order of the file.</summary>
    internal Segment[] Audiences => [.. _segments.Where(segment => segment.IsAudience)];

    /// <returns>The segment, which holds for everybody while, or if, the file does not define it.</returns>
    internal Segment Find(long id) => _catalogue.FindSegment(id);

    internal void Read(ref JsonCursor json)
    {
        _segments.ForEach(segment => segment.Forget());
        _segments.Clear();
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                ReadSegment(ref json);
            }
        }
    }

    /// <summary>Joins the segments to each other and to the flags.</summary>
    internal void Complete(KeyedMap<FeatureFlag> flags)
    {
        if (_catalogue.HasReferences)
        {
            AddFlags(flags);
            _catalogue.ResolveReferences();
        }

        _segments.ForEach(segment => segment.ForgetUndefined());
        SegmentBasis.Settle(_segments);
        SegmentGraph.Check(_segments, Warnings);
    }

    private void AddFlags(KeyedMap<FeatureFlag> flags)
    {
        foreach (var flag in flags.Values)
        {
            _catalogue.AddFlag(
                flag.Id, [.. flag.RuleTable.Select(rule => new RuleReference(rule.Id, rule.ExperimentId))]);
            foreach (var rule in flag.RuleTable)
            {
                rule.AddKeysTo(_catalogue.VariationKeys);
            }
        }
    }

    private void ReadSegment(ref JsonCursor json)
    {
        var id = 0L;
        var isAudience = false;
        var tree = ConditionTree.Empty;
        while (json.NextMember())
        {
            if (json.Is("id"u8))
            {
                id = json.QuotedInt64() ?? 0;
            }
            else if (json.Is("audienceTracking"u8))
            {
                isAudience = json.Boolean() ?? false;
            }
            else if (json.Is("conditionsData"u8))
            {
                tree = _trees.Read(ref json);
            }
            else
            {
                json.Ignore();
            }
        }

        // The later of two segments of one id wins.
        var segment = _catalogue.FindSegment(id);
        if (!segment.IsDefined)
        {
            _segments.Add(segment);
        }

        segment.Define(isAudience, tree);
    }
}
