using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A regular expression of a data file. No match takes more than 50 milliseconds of processor time.</summary>
/// <remarks>
/// Where the size of the pattern times the length of the text is small enough, the regular expression engine without
/// backtracking is used: that product limits its work, and its own timeout is checked too rarely to do so. For longer texts,
/// look-around and back-references the backtracking engine is used, with a timeout. Engines are compiled on first use, because
/// an automaton takes hundreds of kilobytes. Two threads may compile at once; all use the result that is published first.
/// </remarks>
internal sealed class SafePattern
{
    /// <summary>The largest size of a pattern: see <see cref="PatternSize"/>.</summary>
    internal const int MaxSize = 2000;

    /// <summary>The largest product of size and length of the text that is matched without backtracking.</summary>
    /// <remarks>Measured in 2026 on two shared cores: the worst pattern, <c>[ab]*a[ab]{40}c</c>, takes 2 microseconds for
    /// each part and character, as each character creates a state of the automaton.</remarks>
    internal const int MaxLinearWork = 20_000;

    private const int MaxLength = 10_000;
    private const int MaxShown = 100;

    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(50);

    private readonly string _pattern;
    private readonly int _size;
    private Regex? _linear;
    private Regex? _backtracking;

    private SafePattern(string pattern, int size) => (_pattern, _size) = (pattern, size);

    /// <returns>The pattern, which may match anywhere in a text, or null when it is invalid or too long.</returns>
    internal static SafePattern? TryCreate(string pattern, Warnings warnings)
    {
        if (pattern.Length > MaxLength)
        {
            warnings.AddToSegment($"A regular expression of {pattern.Length} characters is too long and never matches.");
            return null;
        }

        try
        {
            // Creating it checks the syntax.
            CreateBacktracking(pattern);
        }
        catch (RegexParseException e)
        {
            warnings.AddToSegment(
                $"The regular expression \"{Start(pattern)}\" is not valid and never matches: {e.Error} at {e.Offset}.");
            return null;
        }

        var size = PatternSize.Of(pattern);
        if (size <= MaxSize)
        {
            return new SafePattern(pattern, size);
        }

        warnings.AddToSegment($"The regular expression \"{Start(pattern)}\" is too long and never matches: it has {size} parts "
            + $"with its repetitions written out, and {MaxSize} are allowed.");
        return null;
    }

    internal bool IsMatch(string text)
    {
        try
        {
            return EngineFor(text.Length).IsMatch(text);
        }
        catch (RegexMatchTimeoutException)
        {
            return false;
        }
    }

    /// <summary>Returns the engine that matches texts of a length; compiles it at the first call.</summary>
    internal Regex EngineFor(int length) => (long)_size * length <= MaxLinearWork
        ? _linear ?? Interlocked.CompareExchange(ref _linear, CreateLinear(_pattern), comparand: null) ?? _linear
        : _backtracking
            ?? Interlocked.CompareExchange(ref _backtracking, CreateBacktracking(_pattern), comparand: null)
            ?? _backtracking;

    private static Regex CreateLinear(string pattern)
    {
        try
        {
            // Without a timeout, so that a busy machine changes no decision.
            return new Regex(
                pattern,
                RegexOptions.CultureInvariant | RegexOptions.NonBacktracking,
                Regex.InfiniteMatchTimeout);
        }
        catch (NotSupportedException)
        {
            // Look-around and back-references need backtracking; the timeout limits it.
            return CreateBacktracking(pattern);
        }
    }

    private static Regex CreateBacktracking(string pattern) => new(pattern, RegexOptions.CultureInvariant, Timeout);

    private static string Start(string pattern) => pattern[..Math.Min(pattern.Length, MaxShown)];
}
