namespace Kameleoon.Hybrid.Decisions;

/// <summary>A condition, or several joined by operators.</summary>
internal abstract class TargetingNode
{
    internal abstract bool Matches(ref TargetingContext context);
}
