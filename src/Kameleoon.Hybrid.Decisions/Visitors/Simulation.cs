namespace Kameleoon.Hybrid.Decisions;

/// <summary>
/// The variations that a visitor's browser simulates, by flag; see <see cref="DataFile.ReadSimulation"/> and
/// <see cref="DataFile.Simulate"/>.
/// </summary>
/// <remarks>They take precedence over all rules and are neither assignments nor exposures.</remarks>
public sealed class Simulation
{
    private readonly Dictionary<string, Variation?> _byFlag;

    internal Simulation(Dictionary<string, Variation?> byFlag, IReadOnlyList<string> problems)
    {
        _byFlag = byFlag;
        Problems = problems;
    }

    /// <summary>How many flags are simulated.</summary>
    public int Count => _byFlag.Count;

    /// <summary>The entries that cannot be simulated, one sentence each, to be logged.</summary>
    public IReadOnlyList<string> Problems { get; }

    /// <summary>Finds what the browser simulates for a flag.</summary>
    /// <param name="featureKey">The flag's key.</param>
    /// <param name="variation">The variation to show, or null for the flag's default variation.</param>
    /// <returns>Whether the flag is simulated.</returns>
    internal bool TryFind(string featureKey, out Variation? variation) =>
        _byFlag.TryGetValue(featureKey, out variation);
}
