namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variations that a visitor's browser asks to see, by flag; made by <see cref="DataFile"/>.</summary>
/// <remarks>They come before everything else and are neither assignments nor exposures.</remarks>
public sealed class Simulation
{
    private readonly Dictionary<string, SimulatedVariation> _byFlag;

    internal Simulation(Dictionary<string, SimulatedVariation> byFlag, IReadOnlyList<string> problems)
    {
        _byFlag = byFlag;
        Problems = problems;
    }

    /// <summary>How many flags are simulated.</summary>
    public int Count => _byFlag.Count;

    /// <summary>What was asked for and cannot be shown, one sentence each; worth a log entry.</summary>
    public IReadOnlyList<string> Problems { get; }

    internal SimulatedVariation? Find(string featureKey) => _byFlag.GetValueOrDefault(featureKey);
}

/// <param name="Variation">What to show, or null for the flag's default.</param>
/// <param name="Rule">The rule that exposes it, or null for the default.</param>
internal sealed record SimulatedVariation(Variation? Variation, Rule? Rule);
