namespace Kameleoon.Hybrid.Decisions;

/// <summary>
/// Chooses the variation with the best bandit score for the visitor, regardless of the shares of the rule.
/// </summary>
internal static class Bandit
{
    /// <summary>Chooses the variation with the best score; the visitor's hash decides between equal scores.</summary>
    /// <returns>The best of the rule's scored variations, or null when none has a score.</returns>
    internal static Variation? Choose(Rule rule, IReadOnlyDictionary<long, double> scores, ref RuleHashes hashes)
    {
        var best = double.NegativeInfinity;
        Variation? leader = null;
        var leaders = 0;
        foreach (var entry in rule.Exposed)
        {
            if (entry.Variation.Id is not { } id || !scores.TryGetValue(id, out var score) || !(score >= best))
            {
                continue;
            }

            leaders = score > best ? 1 : leaders + 1;
            leader = leaders == 1 ? entry.Variation : leader;
            best = score;
        }

        return leaders > 1 ? ChooseAmongBest(rule, scores, best, leaders, hashes.GetVariation()) : leader;
    }

    private static Variation? ChooseAmongBest(
        Rule rule,
        IReadOnlyDictionary<long, double> scores,
        double best,
        int leaders,
        double hash)
    {
        var skip = Math.Min((int)(hash * leaders), leaders - 1);
        foreach (var entry in rule.Exposed)
        {
            if (entry.Variation.Id is { } id && scores.TryGetValue(id, out var score) && score >= best && skip-- == 0)
            {
                return entry.Variation;
            }
        }

        return null;
    }
}
