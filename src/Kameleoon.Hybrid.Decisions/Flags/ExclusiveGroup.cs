namespace Kameleoon.Hybrid.Decisions;

/// <summary>Flags of which one visitor may run only one; disabled flags keep their part of the traffic.</summary>
internal sealed class ExclusiveGroup(string name, FeatureFlag[] membersById)
{
    internal string Name => name;

    internal int Count => membersById.Length;

    internal HashedId Hash { get; } = HashedId.OfName(name);

    /// <summary>Where <see cref="SharedHashes"/> has its hash.</summary>
    internal int Place { get; set; }

    internal FeatureFlag Admitted(double hash) =>
        membersById[Math.Min((int)(hash * membersById.Length), membersById.Length - 1)];
}
