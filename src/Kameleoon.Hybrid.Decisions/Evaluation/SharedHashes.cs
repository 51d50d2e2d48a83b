using System.Collections.Immutable;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Lists what several flags hash one code with: the holdout, which comes first, and the groups.</summary>
internal static class SharedHashes
{
    internal static HashedId[] Of(Holdout? holdout, ImmutableArray<FeatureFlag> flags)
    {
        var ids = new List<HashedId>();
        if (holdout is not null)
        {
            ids.Add(holdout.Hash);
        }

        foreach (var group in flags.Select(flag => flag.Group).OfType<ExclusiveGroup>().Distinct())
        {
            group.Place = ids.Count;
            ids.Add(group.Hash);
        }

        return [.. ids];
    }
}
