namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions about all flags for one visitor, in file order.</summary>
/// <remarks>
/// A flag whose conditions ask for assignments is decided when the enumeration reaches it, so that its decision takes
/// the assignments into account that the caller saved meanwhile. All other flags are decided before.
/// </remarks>
public ref struct DecisionSequence
{
    private readonly SiteFlags _site;
    private readonly IVisitorFacts _visitor;
    private readonly Func<IVisitorFacts>? _refreshFacts;
    private readonly ReadOnlySpan<SharedDecision?> _decided;
    private SharedDecision? _current;
    private int _index;

    internal DecisionSequence(
        SiteFlags site,
        IVisitorFacts visitor,
        Func<IVisitorFacts>? refreshFacts,
        ReadOnlySpan<SharedDecision?> decided)
    {
        _site = site;
        _visitor = visitor;
        _refreshFacts = refreshFacts;
        _decided = decided;
        _index = -1;
    }

    /// <summary>The decision that <see cref="MoveNext"/> reached.</summary>
    public readonly ref readonly Decision Current => ref _current!.Value;

    /// <summary>Moves to the next flag.</summary>
    /// <returns>False after the last flag.</returns>
    public bool MoveNext()
    {
        var next = _index + 1;
        if ((uint)next >= (uint)_decided.Length)
        {
            return false;
        }

        _index = next;
        _current = _decided[next] ?? Decide(_site.Flags[next], _refreshFacts?.Invoke() ?? _visitor);
        return true;
    }

    /// <summary>Returns the sequence itself, so that it can be used in <c>foreach</c>.</summary>
    public readonly DecisionSequence GetEnumerator() => this;

    private readonly SharedDecision Decide(FeatureFlag flag, IVisitorFacts visitor) =>
        _site.Share(Evaluator.Evaluate(flag, _site, visitor, trace: null));
}
