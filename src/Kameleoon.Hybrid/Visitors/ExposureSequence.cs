using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The exposures of all decisions, in file order, without a list of them.</summary>
internal ref struct ExposureSequence : IExposures
{
    private DecisionSequence _decisions;
    private bool _isAtHoldout;

    /// <param name="all">The decisions.</param>
    internal ExposureSequence(FlagDecisions all) => _decisions = all.Enumerate();

    /// <summary>The exposure that <see cref="MoveNext"/> reached.</summary>
    public Exposure Current { get; private set; }

    /// <summary>Moves to the next exposure.</summary>
    /// <returns>False after the last one.</returns>
    public bool MoveNext()
    {
        while (_isAtHoldout || _decisions.MoveNext())
        {
            ref readonly var decision = ref _decisions.Current;
            var holdout = _isAtHoldout || !decision.IsDecided ? null : Exposure.Of(decision.Holdout);
            _isAtHoldout = holdout is not null;
            if ((holdout ?? Exposure.Of(decision.Variation, decision.Flag, decision.Rule)) is { } exposure)
            {
                Current = exposure;
                return true;
            }
        }

        return false;
    }

    /// <summary>Returns the sequence itself, so that it can be used in <c>foreach</c>.</summary>
    public readonly ExposureSequence GetEnumerator() => this;
}
