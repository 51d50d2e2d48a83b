namespace Kameleoon.Hybrid.Decisions;

/// <summary>Flags of which one visitor may run only one; disabled flags keep their part of the traffic.</summary>
internal sealed class ExclusiveGroup(string name, FeatureFlag[] membersById)
{
    private readonly HashedId _hash = HashedId.OfName(name);

    internal string Name => name;

    internal int Count => membersById.Length;

    internal FeatureFlag Admitted(string code)
    {
        var index = (int)(Hash(code) * membersById.Length);
        return membersById[Math.Min(index, membersById.Length - 1)];
    }

    internal double Hash(string code) => _hash.For(code);
}
