namespace Kameleoon.Hybrid.Decisions;

/// <summary>A group of mutually exclusive flags: each visitor gets at most one of them.</summary>
/// <remarks>The traffic is split into equal parts, one for each member. Disabled flags keep their part.</remarks>
/// <param name="name">The group's name, which is hashed.</param>
/// <param name="membersById">The flags of the group, in the order of their ids.</param>
internal sealed class ExclusiveGroup(string name, FeatureFlag[] membersById)
{
    internal string Name => name;

    internal int Count => membersById.Length;

    internal HashSuffix Suffix { get; } = HashSuffix.OfName(name);

    /// <summary>The group's position in <see cref="SiteFlags.SharedSuffixes"/>.</summary>
    internal int SharedHashIndex { get; set; }

    /// <summary>Returns the one flag of the group that the visitor may get.</summary>
    /// <param name="hash">The visitor's hash for the group, 0 to 1.</param>
    internal FeatureFlag Choose(double hash) =>
        membersById[Math.Min((int)(hash * membersById.Length), membersById.Length - 1)];
}
