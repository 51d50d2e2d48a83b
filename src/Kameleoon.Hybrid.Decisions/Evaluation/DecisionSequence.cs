namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions about all flags for one visitor, in file order.</summary>
/// <remarks>
/// A flag whose conditions ask for assignments is decided when the enumeration reaches it, so that its decision takes
/// the assignments into account that the caller saved meanwhile. All other flags are decided before.
/// </remarks>
public ref struct DecisionSequence
{
    private readonly SharedDecision?[] _decided;
    private readonly IVisitorFacts? _visitor;
    private readonly Func<IVisitorFacts>? _refreshFacts;
    private SharedDecision? _current;
    private int _index;

    /// <param name="decisions">The decisions. Those that depend on assignments are added by the enumeration.</param>
    /// <param name="visitor">The facts about the visitor; null for the flags that are decided already.</param>
    /// <param name="refreshFacts">Returns the current facts, or null.</param>
    internal DecisionSequence(
        FlagDecisions decisions, IVisitorFacts? visitor = null, Func<IVisitorFacts>? refreshFacts = null)
    {
        Decisions = decisions;
        _decided = decisions.Decided;
        _visitor = visitor;
        _refreshFacts = refreshFacts;
        _index = -1;
    }

    /// <summary>The decisions as an object that can be kept. Those that depend on assignments are in it once the enumeration
    /// has reached them.</summary>
    public FlagDecisions Decisions { get; }

    /// <summary>The decision that <see cref="MoveNext"/> reached.</summary>
    public readonly ref readonly Decision Current => ref _current!.Value;

    /// <summary>Moves to the next flag.</summary>
    /// <returns>False after the last flag.</returns>
    public bool MoveNext()
    {
        var next = _index + 1;
        while (_visitor is null && (uint)next < (uint)_decided.Length && _decided[next] is null)
        {
            next++;
        }

        if ((uint)next >= (uint)_decided.Length)
        {
            return false;
        }

        _index = next;
        _current = _decided[next] ??= Decide(Decisions.Site, next, _refreshFacts?.Invoke() ?? _visitor!);
        return true;
    }

    /// <summary>Returns the sequence itself, so that it can be used in <c>foreach</c>.</summary>
    public readonly DecisionSequence GetEnumerator() => this;

    private static SharedDecision Decide(SiteFlags site, int index, IVisitorFacts visitor) =>
        site.Share(Evaluator.Evaluate(site.Flags[index], site, visitor, trace: null));
}
