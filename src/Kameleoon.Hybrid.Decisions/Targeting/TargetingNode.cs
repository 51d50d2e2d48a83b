namespace Kameleoon.Hybrid.Decisions;

/// <summary>A condition, or several joined by operators.</summary>
internal abstract class TargetingNode
{
    /// <summary>What the answer rests on, apart from other segments that are asked.</summary>
    internal abstract Basis Basis { get; }

    internal abstract bool Matches(ref TargetingContext context);
}
