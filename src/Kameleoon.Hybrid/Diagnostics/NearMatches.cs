namespace Kameleoon.Hybrid;

/// <summary>Finds names that are similar to a misspelt one.</summary>
internal static class NearMatches
{
    private const int MaxSuggestions = 3;

    /// <summary>Returns at most three names that are similar to a text, the closest first.</summary>
    internal static string[] Of(string text, IEnumerable<string> names) =>
    [
        .. names.Select(name => (Name: name, Distance: Distance(text.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(candidate => candidate.Distance <= Math.Max(2, candidate.Name.Length / 3))
            .OrderBy(candidate => candidate.Distance)
            .Take(MaxSuggestions)
            .Select(candidate => candidate.Name),
    ];

    /// <summary>Returns the edit distance of two texts (Levenshtein).</summary>
    private static int Distance(string left, string right)
    {
        var row = Enumerable.Range(0, right.Length + 1).ToArray();
        for (var i = 0; i < left.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i + 1;
            for (var j = 0; j < right.Length; j++)
            {
                var replaced = diagonal + (left[i] == right[j] ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(replaced, Math.Min(row[j], diagonal) + 1);
            }
        }

        return row[^1];
    }
}
