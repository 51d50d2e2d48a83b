namespace Kameleoon.Hybrid.Decisions;

/// <summary>A reusable audience: conditions joined by operators.</summary>
/// <param name="id">The segment's id.</param>
/// <param name="ordinal">A number that no other segment of the data file has.</param>
internal sealed class Segment(long id, int ordinal)
{
    /// <summary>Holds for all visitors, as the missing segment of a rule does.</summary>
    internal static readonly Segment Everybody = new(0, 0);

    internal long Id => id;

    internal int Ordinal => ordinal;

    /// <summary>Whether the data file has it, and does not only refer to it.</summary>
    internal bool IsDefined { get; private set; }

    /// <summary>Whether the visitors it holds for are reported.</summary>
    internal bool IsAudience { get; private set; }

    internal TargetingNode Root { get; private set; } = Always.Instance;

    /// <summary>The segments this one asks; empty for nearly all.</summary>
    internal IReadOnlyList<Segment> Nested { get; private set; } = [];

    /// <summary>What it rests on, nested segments included; known when all are read.</summary>
    internal Basis Basis { get; set; } = Basis.Session;

    /// <summary>How many conditions it has, not counting those of nested segments.</summary>
    internal int Size { get; private set; }

    // Called while reading only: segments refer to each other before they are read.
    internal void Define(bool isAudience, ConditionTree tree)
    {
        IsDefined = true;
        IsAudience = isAudience;
        (Root, Nested, Size) = tree;
    }

    internal void ForgetUndefined()
    {
        if (Nested.Count > 0)
        {
            Nested = [.. Nested.Where(segment => segment.IsDefined)];
        }
    }

    internal void Forget()
    {
        Define(isAudience: false, ConditionTree.Empty);
        IsDefined = false;
    }

    /// <param name="visitor">What is known of the visitor.</param>
    /// <param name="campaignId">The experiment that asks, or null for none.</param>
    /// <param name="holdout">What the same decision assigned in the holdout experiment, or null for nothing.</param>
    /// <param name="trace">Notes every condition, or null.</param>
    internal bool Matches(IVisitorFacts visitor, long? campaignId, Variation? holdout, Trace? trace)
    {
        if (ReferenceEquals(Root, Always.Instance))
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
            matches = context.Enter(this);
        }

        trace?.Segment(id, matches);
        return matches;
    }
}
