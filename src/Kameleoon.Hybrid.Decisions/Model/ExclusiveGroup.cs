namespace Kameleoon.Hybrid.Decisions;

/// <summary>Flags of which one visitor may run only one; disabled flags keep their part of the traffic.</summary>
internal sealed class ExclusiveGroup(string name, FeatureFlag[] membersById)
{
    private readonly HashedId _hash = HashedId.OfName(name);

    internal bool Admits(FeatureFlag flag, string code)
    {
        var index = (int)(_hash.For(code) * membersById.Length);
        return ReferenceEquals(membersById[Math.Min(index, membersById.Length - 1)], flag);
    }
}
