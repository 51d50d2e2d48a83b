using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Regular expressions from outside, none of which can hang a request.</summary>
internal static class SafePattern
{
    private const int MaxLength = 10_000;

    /// <summary>Above this product of counted repetitions the automaton would be larger than it is worth.</summary>
    private const long MaxRepetitions = 1000;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(50);

    /// <returns>The pattern, which is searched for anywhere in a text, or null when it is none.</returns>
    internal static Regex? Compile(string pattern, Warnings warnings)
    {
        if (pattern.Length > MaxLength)
        {
            warnings.Add($"A regular expression of {pattern.Length} characters is too long and never matches.");
            return null;
        }

        try
        {
            return Repetitions(pattern) <= MaxRepetitions
                ? new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, Timeout)
                : Backtracking(pattern);
        }
        catch (NotSupportedException)
        {
            // Look-around and back-references need backtracking, which the timeout ends.
            return Backtracking(pattern);
        }
        catch (ArgumentException e)
        {
            warnings.Add($"The regular expression \"{pattern}\" is not valid and never matches: {e.Message}");
            return null;
        }
    }

    internal static bool IsMatch(Regex pattern, string text)
    {
        try
        {
            return pattern.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex Backtracking(string pattern) => new(pattern, RegexOptions.CultureInvariant, Timeout);

    private static long Repetitions(string pattern)
    {
        var product = 1L;
        long number = 0;
        foreach (var c in pattern)
        {
            if (char.IsAsciiDigit(c))
            {
                number = Math.Min((number * 10) + (c - '0'), int.MaxValue);
                continue;
            }

            product = c is '}' && number > 1 ? Math.Min(product * number, int.MaxValue) : product;
            number = 0;
        }

        return product;
    }
}
