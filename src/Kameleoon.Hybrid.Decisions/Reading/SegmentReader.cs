namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the segments of a data file.</summary>
/// <remarks>Rules and other segments may refer to a segment before it is read.</remarks>
internal sealed class SegmentReader
{
    private readonly List<Segment> _segments;
    private readonly List<(Segment Segment, string Sentence)> _problems = [];
    private readonly TargetingCatalogue _catalogue;
    private readonly ConditionTreeReader _trees;

    /// <param name="expected">About how many segments there are.</param>
    internal SegmentReader(int expected)
    {
        _segments = new List<Segment>(expected);
        _catalogue = new TargetingCatalogue(Warnings, expected);
        _trees = new ConditionTreeReader(_catalogue);
    }

    internal Warnings Warnings { get; } = new();

    /// <summary>The segments to report as audiences, in file order.</summary>
    internal Segment[] Audiences => [.. _segments.Where(segment => segment.IsAudience)];

    /// <returns>The segment; it matches all visitors as long as the data file does not define it.</returns>
    internal Segment Find(long id) => _catalogue.FindSegment(id);

    internal void Read(ref JsonCursor json)
    {
        _segments.ForEach(segment => segment.Clear());
        _segments.Clear();
        _problems.Clear();
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

    /// <summary>Connects the segments to each other and to the flags; called when everything is read.</summary>
    internal void Complete(KeyedMap<FeatureFlag> flags)
    {
        if (_catalogue.HasReferences)
        {
            AddFlags(flags);
            _catalogue.ResolveReferences();
        }

        _segments.ForEach(segment => segment.RemoveUndefinedNested());
        SegmentDependencies.Propagate(_segments);
        SegmentGraph.WarnAboutCycles(_segments, Warnings);
        SegmentUsers.Warn(_problems, flags, Warnings);
    }

    private void AddFlags(KeyedMap<FeatureFlag> flags)
    {
        foreach (var flag in flags.Values)
        {
            _catalogue.AddFlag(
                flag.Id, [.. flag.RuleTable.Select(rule => new RuleReference(rule.Id, rule.ExperimentId))]);
            foreach (var rule in flag.RuleTable)
            {
                rule.AddVariationKeysTo(_catalogue.VariationKeys);
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
            if (json.NameEquals("id"u8))
            {
                id = json.ReadQuotedInt64() ?? 0;
            }
            else if (json.NameEquals("audienceTracking"u8))
            {
                isAudience = json.ReadBoolean() ?? false;
            }
            else if (json.NameEquals("conditionsData"u8))
            {
                tree = _trees.Read(ref json);
            }
            else
            {
                json.SkipMember();
            }
        }

        // Of two segments of one id the later counts.
        var segment = _catalogue.FindSegment(id);
        if (!segment.IsDefined)
        {
            _segments.Add(segment);
        }

        segment.Define(isAudience, tree);
        foreach (var sentence in Warnings.TakeOfSegment())
        {
            _problems.Add((segment, sentence));
        }
    }
}
