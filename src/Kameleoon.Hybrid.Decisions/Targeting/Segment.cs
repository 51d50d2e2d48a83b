namespace Kameleoon.Hybrid.Decisions;

/// <summary>A segment of visitors, defined by conditions that operators join.</summary>
/// <param name="id">The segment's id.</param>
/// <param name="ordinal">A number that identifies the segment within its data file, from 0.</param>
internal sealed class Segment(long id, int ordinal)
{
    /// <summary>Matches all visitors; used for a rule without a segment.</summary>
    internal static readonly Segment AllVisitors = new(0, 0);

    internal long Id => id;

    internal int Ordinal => ordinal;

    /// <summary>Whether the data file defines the segment; false while something only refers to it.</summary>
    internal bool IsDefined { get; private set; }

    /// <summary>Whether matching visitors are reported as an audience.</summary>
    internal bool IsAudience { get; private set; }

    internal TargetingNode Root { get; private set; } = AlwaysTrue.Instance;

    /// <summary>The segments that the conditions refer to; empty for nearly all segments.</summary>
    internal IReadOnlyList<Segment> Nested { get; private set; } = [];

    /// <summary>
    /// The shortest-lived facts that the segment depends on, nested segments included; set when all are read.
    /// </summary>
    internal FactDependency DependsOn { get; set; } = FactDependency.Session;

    /// <summary>The number of conditions, without those of nested segments.</summary>
    internal int Size { get; private set; }

    // Called only while the data file is read: segments can be referred to before they are defined.
    internal void Define(bool isAudience, ConditionTree tree)
    {
        IsDefined = true;
        IsAudience = isAudience;
        (Root, Nested, Size) = tree;
    }

    internal void RemoveUndefinedNested()
    {
        if (Nested.Count > 0)
        {
            Nested = [.. Nested.Where(segment => segment.IsDefined)];
        }
    }

    internal void Clear()
    {
        Define(isAudience: false, ConditionTree.Empty);
        IsDefined = false;
    }

    /// <summary>Whether the segment matches a visitor.</summary>
    /// <param name="visitor">The facts about the visitor.</param>
    /// <param name="campaignId">The experiment whose rule has the segment, or null outside any rule.</param>
    /// <param name="holdout">The variation of the holdout experiment that the same decision assigned, or null.</param>
    /// <param name="trace">Records every condition, or null.</param>
    internal bool Matches(IVisitorFacts visitor, long? campaignId, Variation? holdout, Trace? trace)
    {
        if (ReferenceEquals(Root, AlwaysTrue.Instance))
        {
            return true;
        }

        bool matches;
        if (Nested.Count == 0)
        {
            var context = new TargetingContext(visitor, campaignId, holdout, trace, []);
            matches = Root.Matches(ref context);
        }
        else
        {
            Span<int> path = stackalloc int[TargetingContext.MaxDepth];
            var context = new TargetingContext(visitor, campaignId, holdout, trace, path);
            matches = context.MatchesNested(this);
        }

        trace?.Segment(id, matches);
        return matches;
    }
}
