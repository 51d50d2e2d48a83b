namespace Kameleoon.Hybrid.Decisions;

/// <summary>The conditions of a segment, joined into one node.</summary>
/// <param name="Root">The node that joins all conditions.</param>
/// <param name="Nested">The other segments that the conditions refer to.</param>
/// <param name="Size">The number of conditions.</param>
internal sealed record ConditionTree(TargetingNode Root, IReadOnlyList<Segment> Nested, int Size)
{
    internal static ConditionTree Empty { get; } = new(AlwaysTrue.Instance, [], 0);
}
