using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The decisions of one call for all flags, whose assignments are saved as one change once all are decided: one that is
/// saved by itself copies the others. Meanwhile flags that ask for assignments find them here.</summary>
internal sealed class UnsavedDecisions
{
    private readonly List<Decision> _decisions = [];
    private readonly List<Exposure> _exposures = [];
    private readonly Dictionary<long, Assignment> _assignments = [];

    internal IReadOnlyList<Decision> Decisions => _decisions;

    /// <summary>The number of exposures.</summary>
    internal int Count => _exposures.Count;

    /// <summary>The exposures to save.</summary>
    internal Sequence Exposures => new(_exposures);

    /// <summary>The facts with these assignments, or null before a flag asks for them.</summary>
    internal UnsavedFacts? Facts { get; set; }

    /// <summary>Adds a decision, but not its exposures.</summary>
    internal void Add(in Decision decision) => _decisions.Add(decision);

    /// <summary>Adds an exposure.</summary>
    internal void Add(in Exposure exposure, DateTimeOffset time)
    {
        // The visitor's variation of the holdout is that of each flag.
        if (_assignments.TryGetValue(exposure.ExperimentId, out var known) && known.VariationId == exposure.VariationId)
        {
            return;
        }

        _exposures.Add(exposure);
        _assignments[exposure.ExperimentId] = new Assignment(exposure.VariationId, time);
    }

    /// <summary>Returns the assignment of an experiment, or null.</summary>
    internal Assignment? Find(long experimentId) =>
        _assignments.TryGetValue(experimentId, out var found) ? found : null;

    /// <summary>Whether there is an assignment of another experiment since a time.</summary>
    internal bool HasOther(long experimentId, DateTimeOffset since)
    {
        foreach (var (experiment, assignment) in _assignments)
        {
            if (experiment != experimentId && assignment.Time >= since)
            {
                return true;
            }
        }

        return false;
    }

    internal struct Sequence(List<Exposure> exposures) : IExposures
    {
        private int _place = -1;

        public readonly Exposure Current => exposures[_place];

        public bool MoveNext() => ++_place < exposures.Count;
    }
}
