namespace Kameleoon.Hybrid.Decisions;

/// <summary>The state of evaluating one segment: visitor, experiment, and the segments it is nested in.</summary>
internal ref struct TargetingContext(
    IVisitorFacts visitor,
    long? campaignId,
    Variation? holdout,
    Trace? trace,
    Span<int> path)
{
    /// <summary>The maximum nesting depth of segments; deeper ones do not match.</summary>
    internal const int MaxDepth = 256;

    /// <summary>The maximum number of conditions of all nested segments; only a hostile data file has more.</summary>
    private const int MaxConditions = 100_000;

    private readonly Span<int> _path = path;
    private int _depth;
    private int _conditionsLeft = MaxConditions;

    internal readonly IVisitorFacts Visitor => visitor;

    /// <summary>The experiment whose rule has the segment, or null outside any rule.</summary>
    internal readonly long? CampaignId => campaignId;

    internal readonly Trace? Trace => trace;

    /// <summary>
    /// The visitor's assignment in an experiment, including the holdout variation of the current decision.
    /// </summary>
    internal readonly Assignment? FindAssignment(long experimentId) =>
        holdout is { Id: { } id } && holdout.ExperimentId == experimentId
            ? new Assignment(id, visitor.Now)
            : visitor.FindAssignment(experimentId);

    /// <summary>Whether the visitor is assigned in an experiment other than this one; the holdout counts too.</summary>
    internal readonly bool HasOtherAssignment(long experimentId, DateTimeOffset since) =>
        (holdout is { Id: not null } && holdout.ExperimentId != experimentId)
        || visitor.HasOtherAssignment(experimentId, since);

    internal readonly int Depth => Math.Max(_depth - 1, 0);

    /// <summary>Evaluates a segment; one that is nested in itself does not match.</summary>
    internal bool MatchesNested(Segment segment)
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
