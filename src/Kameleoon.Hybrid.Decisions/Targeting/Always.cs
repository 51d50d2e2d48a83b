namespace Kameleoon.Hybrid.Decisions;

/// <summary>No condition at all, which holds for everybody.</summary>
internal sealed class Always : TargetingNode
{
    internal static readonly Always Instance = new();

    internal override Basis Basis => Basis.Session;

    internal override bool Matches(ref TargetingContext context) => true;
}
