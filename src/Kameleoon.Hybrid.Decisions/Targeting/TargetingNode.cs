namespace Kameleoon.Hybrid.Decisions;

/// <summary>A condition, or several conditions joined by operators.</summary>
internal abstract class TargetingNode
{
    /// <summary>The shortest-lived facts that the result depends on, without those of nested segments.</summary>
    internal abstract FactDependency DependsOn { get; }

    /// <summary>Whether the visitor matches.</summary>
    internal abstract bool Matches(ref TargetingContext context);
}
