namespace Kameleoon.Hybrid.Decisions;

/// <summary>Matches all visitors: a segment without conditions.</summary>
internal sealed class AlwaysTrue : TargetingNode
{
    internal static readonly AlwaysTrue Instance = new();

    internal override FactDependency DependsOn => FactDependency.Session;

    internal override bool Matches(ref TargetingContext context) => true;
}
