using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The conditions of a segment, joined into one node.</summary>
/// <param name="Root">The node that joins all conditions.</param>
/// <param name="Nested">The other segments that the conditions refer to.</param>
/// <param name="Size">The number of conditions.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ConditionTree(TargetingNode Root, IReadOnlyList<Segment> Nested, int Size)
{
    internal static ConditionTree Empty { get; } = new(AlwaysTrue.Instance, [], 0);
}
