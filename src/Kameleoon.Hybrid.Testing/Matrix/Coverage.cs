namespace Kameleoon.Hybrid.Testing;

/// <summary>Chooses combinations of the factors' choices: all of them, or enough that each two choices of different factors
/// occur together.</summary>
internal static class Coverage
{
    /// <returns>For each combination, the number of the choice of each factor.</returns>
    internal static IReadOnlyList<int[]> Of(IReadOnlyList<int> sizes, int limit) =>
        sizes.Aggregate(1L, static (product, size) => Math.Min(int.MaxValue, product * size)) <= limit ? All(sizes) : Pairs(sizes);

    private static List<int[]> All(IReadOnlyList<int> sizes)
    {
        List<int[]> rows = [[]];
        foreach (var size in sizes)
        {
            rows = [.. rows.SelectMany(row => Enumerable.Range(0, size), static (row, choice) => (int[])[.. row, choice])];
        }

        return rows;
    }

    // Each row begins with a pair that is missing, and takes for each other factor the choice that adds most missing pairs.
    private static List<int[]> Pairs(IReadOnlyList<int> sizes)
    {
        var missing = new HashSet<(int Factor, int Choice, int OtherFactor, int OtherChoice)>();
        for (var factor = 0; factor < sizes.Count; factor++)
        {
            for (var other = factor + 1; other < sizes.Count; other++)
            {
                missing.UnionWith(
                    from choice in Enumerable.Range(0, sizes[factor])
                    from otherChoice in Enumerable.Range(0, sizes[other])
                    select (factor, choice, other, otherChoice));
            }
        }

        var rows = new List<int[]>();
        while (missing.Count > 0)
        {
            var (first, choice, second, secondChoice) = missing.Min();
            var row = Enumerable.Repeat(-1, sizes.Count).ToArray();
            (row[first], row[second]) = (choice, secondChoice);
            for (var factor = 0; factor < row.Length; factor++)
            {
                if (row[factor] < 0)
                {
                    row[factor] = Enumerable.Range(0, sizes[factor]).MaxBy(candidate => PairsOf(row, factor, candidate).Count(missing.Contains));
                }
            }

            for (var factor = 0; factor < row.Length; factor++)
            {
                missing.ExceptWith(PairsOf(row, factor, row[factor]));
            }

            rows.Add(row);
        }

        return rows;
    }

    private static IEnumerable<(int Factor, int Choice, int OtherFactor, int OtherChoice)> PairsOf(int[] row, int factor, int choice) =>
        from other in Enumerable.Range(0, row.Length)
        where other != factor && row[other] >= 0
        select other < factor ? (other, row[other], factor, choice) : (factor, choice, other, row[other]);
}
