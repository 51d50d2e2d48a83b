namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions of all flags for one visitor, in file order.</summary>
/// <remarks>
/// A flag whose conditions ask for assignments is decided when its turn comes, so that it sees what the caller saved of
/// the decisions before it. All others may be decided ahead.
/// </remarks>
public ref struct DecisionSequence
{
    private readonly DataFile _dataFile;
    private readonly IVisitorFacts _visitor;
    private readonly ReadOnlySpan<KeptDecision?> _ahead;
    private KeptDecision? _current;
    private int _index;

    internal DecisionSequence(DataFile dataFile, IVisitorFacts visitor, ReadOnlySpan<KeptDecision?> ahead)
    {
        _dataFile = dataFile;
        _visitor = visitor;
        _ahead = ahead;
        _index = -1;
    }

    /// <summary>The decision that was reached by <see cref="MoveNext"/>.</summary>
    public readonly ref readonly Decision Current => ref _current!.Value;

    /// <summary>Goes to the next flag.</summary>
    /// <returns>Whether there was one.</returns>
    public bool MoveNext()
    {
        var next = _index + 1;
        if ((uint)next >= (uint)_ahead.Length)
        {
            return false;
        }

        _index = next;
        _current = _ahead[next] ?? _dataFile.DecideInTurn(next, _visitor);
        return true;
    }

    /// <summary>Makes <c>foreach</c> work.</summary>
    public readonly DecisionSequence GetEnumerator() => this;
}
