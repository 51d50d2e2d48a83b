using Kameleoon.Hybrid.Decisions;
using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Testing;

/// <summary>Finds visitor codes that can be forced into combinations. Holdouts and mutually exclusive groups stay in force,
/// so that not every code will do.</summary>
internal sealed class ForcedVisitors(CompiledProject project, string environment)
{
    private static readonly int[] Rounds = [4, 16, 64];

    /// <summary>Returns the combinations that a visitor can get, in the given order.</summary>
    internal IReadOnlyList<KameleoonCombination> Find(IReadOnlyList<IReadOnlyDictionary<string, string>> wanted)
    {
        var found = new KameleoonCombination?[wanted.Count];
        var tried = 0;
        foreach (var codes in Rounds)
        {
            var candidates = (
                from place in Enumerable.Range(0, wanted.Count)
                where found[place] is null
                from number in Enumerable.Range(tried, codes)
                select (Place: place, Combination: new KameleoonCombination(wanted[place], $"matrix-{place}-{number}"))).ToList();
            if (candidates.Count == 0)
            {
                break;
            }

            var edits = Force(candidates.Select(static one => one.Combination));
            var dataFile = project.With(edits, DateTimeOffset.UnixEpoch).DataOf(environment);
            foreach (var (place, combination) in candidates)
            {
                found[place] ??= Gets(dataFile, combination) ? combination : null;
            }

            tried += codes;
        }

        return [.. found.OfType<KameleoonCombination>()];
    }

    private static Dictionary<string, FlagEdit> Force(IEnumerable<KameleoonCombination> candidates) => candidates
        .SelectMany(static candidate => candidate.Variations, static (candidate, one) => (Flag: one.Key, Variation: one.Value, candidate.VisitorCode))
        .GroupBy(static one => one.Flag, StringComparer.Ordinal)
        .ToDictionary(
            static flag => flag.Key,
            static flag => new FlagEdit(Forced: [.. flag.Select(static one => new Sandbox.ForcedVariation(one.Variation, one.VisitorCode))]),
            StringComparer.Ordinal);

    private static bool Gets(DataFile dataFile, KameleoonCombination candidate)
    {
        var visitor = new DescribedVisitor(candidate.VisitorCode, TimeProvider.System.GetUtcNow());
        return candidate.Variations.All(one => string.Equals(
            dataFile.Decide(one.Key, visitor).Variation.Key, one.Value, StringComparison.Ordinal));
    }
}
