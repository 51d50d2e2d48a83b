namespace Kameleoon.Hybrid.Decisions;

/// <summary>The audience of a rule.</summary>
/// <param name="UnsupportedConditions">
/// The condition types of this segment that the kernel cannot judge. A rule behind such a segment does not apply,
/// whatever the operators around the condition say: a guess could expose the wrong visitors.
/// </param>
internal sealed record Segment(IReadOnlyList<string> UnsupportedConditions)
{
    internal static readonly Segment Everybody = new([]);

    internal bool Matches => UnsupportedConditions.Count == 0;
}
