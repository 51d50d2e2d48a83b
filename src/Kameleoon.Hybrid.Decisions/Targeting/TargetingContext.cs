namespace Kameleoon.Hybrid.Decisions;

/// <summary>What one run through a segment carries along: the visitor, the campaign and the way it came.</summary>
internal ref struct TargetingContext(
    IVisitorFacts visitor,
    long? campaignId,
    Variation? holdout,
    Trace? trace,
    Span<int> path)
{
    /// <summary>How deep segments may refer to segments; deeper ones do not hold.</summary>
    internal const int MaxDepth = 256;

    /// <summary>How many conditions nested segments may add up to; only a hostile data file has more.</summary>
    private const int MaxConditions = 100_000;

    private readonly Span<int> _path = path;
    private int _depth;
    private int _conditionsLeft = MaxConditions;

    internal readonly IVisitorFacts Visitor => visitor;

    /// <summary>The experiment that the segment is asked for, or null for none.</summary>
    internal readonly long? CampaignId => campaignId;

    internal readonly Trace? Trace => trace;

    /// <summary>The visitor's assignment in an experiment, the holdout's of this very decision included.</summary>
    internal readonly Assignment? FindAssignment(long experimentId) =>
        holdout is { Id: { } id } && holdout.ExperimentId == experimentId
            ? new Assignment(id, visitor.Now)
            : visitor.FindAssignment(experimentId);

    /// <summary>Whether another experiment than this has the visitor; the holdout is one.</summary>
    internal readonly bool HasOtherAssignment(long experimentId, DateTimeOffset since) =>
        (holdout is { Id: not null } && holdout.ExperimentId != experimentId)
        || visitor.HasOtherAssignment(experimentId, since);

    internal readonly int Depth => Math.Max(_depth - 1, 0);

    /// <summary>Judges a segment, which never holds inside itself.</summary>
    internal bool Enter(Segment segment)
    {
        _conditionsLeft -= segment.Size;
        if (_depth == _path.Length || _conditionsLeft < 0 || _path[.._depth].Contains(segment.Ordinal))
        {
            return false;
        }

        _path[_depth++] = segment.Ordinal;
        var matches = segment.Root.Matches(ref this);
        _depth--;
        return matches;
    }
}
