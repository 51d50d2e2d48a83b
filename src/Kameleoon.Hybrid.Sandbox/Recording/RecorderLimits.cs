namespace Kameleoon.Hybrid.Sandbox;

/// <summary>How much the sandbox keeps in memory. The oldest entries are removed first.</summary>
/// <param name="Visitors">Visitors, by when they were last seen.</param>
/// <param name="Events">Events, by when they arrived.</param>
/// <param name="Nonces">Nonces by which a repeated event is recognised.</param>
/// <param name="Counters">Counted variations, and counted goals; further ones are recorded but not counted.</param>
internal sealed record RecorderLimits(int Visitors, int Events, int Nonces, int Counters)
{
    internal static RecorderLimits Default { get; } =
        new(Visitors: 10_000, Events: 20_000, Nonces: 100_000, Counters: 1_000);
}
