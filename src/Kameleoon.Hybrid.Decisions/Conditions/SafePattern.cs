using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A regular expression of a data file whose matching time is limited.</summary>
/// <remarks>
/// Compiled on first use, because an automaton takes hundreds of kilobytes. Two threads may compile at once; all use
/// the result that is published first.
/// </remarks>
internal sealed class SafePattern
{
    private const int MaxLength = 10_000;

    private const int MaxShown = 100;

    /// <summary>The size limit of an automaton: pattern length times all counted repetitions.</summary>
    private const long MaxStates = 20_000;

    /// <summary>Ends a match that backtracks without end.</summary>
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(50);

    /// <summary>Ends a match whose work grows with the text only; longer, so that a busy machine changes no decision.</summary>
    private static readonly TimeSpan LinearTimeout = TimeSpan.FromSeconds(1);

    private readonly string _pattern;
    private Regex? _regex;

    private SafePattern(string pattern) => _pattern = pattern;

    /// <summary>The compiled expression; compiles it at the first call.</summary>
    internal Regex Regex =>
        _regex ?? Interlocked.CompareExchange(ref _regex, Compile(_pattern), comparand: null) ?? _regex;

    /// <returns>The pattern, which may match anywhere in a text, or null when it is invalid.</returns>
    internal static SafePattern? TryCreate(string pattern, Warnings warnings)
    {
        if (pattern.Length > MaxLength)
        {
            warnings.Add($"A regular expression of {pattern.Length} characters is too long and never matches.");
            return null;
        }

        try
        {
            // Creating it checks the syntax.
            CreateBacktracking(pattern);
            return new SafePattern(pattern);
        }
        catch (RegexParseException e)
        {
            var start = pattern[..Math.Min(pattern.Length, MaxShown)];
            warnings.Add(
                $"The regular expression \"{start}\" is not valid and never matches: {e.Error} at {e.Offset}.");
            return null;
        }
    }

    internal bool IsMatch(string text)
    {
        try
        {
            return Regex.IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    private static Regex Compile(string pattern)
    {
        try
        {
            return Repetitions(pattern) * pattern.Length <= MaxStates
                ? new Regex(pattern, RegexOptions.CultureInvariant | RegexOptions.NonBacktracking, LinearTimeout)
                : CreateBacktracking(pattern);
        }
        catch (NotSupportedException)
        {
            // Look-around and back-references need backtracking; the timeout limits it.
            return CreateBacktracking(pattern);
        }
    }

    private static Regex CreateBacktracking(string pattern) => new(pattern, RegexOptions.CultureInvariant, Timeout);

    /// <returns>The number of copies of a part: the product of the largest numbers of all <c>{n,m}</c>.</returns>
    private static long Repetitions(string pattern)
    {
        var product = 1L;
        var number = 0L;
        var largest = 0L;
        foreach (var c in pattern)
        {
            number = char.IsAsciiDigit(c) ? Math.Min((number * 10) + (c - '0'), int.MaxValue) : 0;
            largest = c is '{' ? 0 : Math.Max(largest, number);
            if (c is '}' && largest > 1)
            {
                product = Math.Min(product * largest, int.MaxValue);
            }
        }

        return product;
    }
}
