namespace Kameleoon.Hybrid;

/// <summary>Pauses between failures: the window doubles, and chance picks a time in it.</summary>
/// <param name="first">The first window.</param>
/// <param name="longest">The window that is not exceeded.</param>
/// <param name="jitter">The part of the window that is left to chance: 1, all of it, spreads many clients best.</param>
/// <param name="random">The chance.</param>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, double jitter, Random random)
{
    private const int MaxDoublings = 30;

    private int _failures;

    internal TimeSpan Next() => Of(_failures++);

    internal void Reset() => _failures = 0;

    /// <summary>The pause after a number of failures.</summary>
    internal TimeSpan Of(int failures)
    {
        var window = first * Math.Pow(2, Math.Min(failures, MaxDoublings));
        return Shorten(window < longest ? window : longest, jitter, random);
    }

#pragma warning disable CA5394 // Nothing secret depends on it.
    internal static TimeSpan Shorten(TimeSpan span, double jitter, Random random) =>
        span * (1 - (jitter * random.NextDouble()));
#pragma warning restore CA5394
}
