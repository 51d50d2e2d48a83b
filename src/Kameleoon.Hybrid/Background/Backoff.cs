namespace Kameleoon.Hybrid;

/// <summary>Computes pauses between attempts that fail: exponential, with jitter.</summary>
/// <param name="first">The longest pause after the first failure. It doubles with each further failure.</param>
/// <param name="longest">The upper limit of a pause.</param>
/// <param name="jitter">The part of a pause that is random, 0 to 1. 1 spreads many clients best.</param>
/// <param name="random">The source of the jitter.</param>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class Backoff(TimeSpan first, TimeSpan longest, double jitter, Random random)
{
    private const int MaxDoublings = 30;

    private int _failures;

    /// <summary>Counts a failure and returns the pause before the next attempt.</summary>
    internal TimeSpan Next() => Of(_failures++);

    /// <summary>Starts again with the first pause, after a success.</summary>
    internal void Reset() => _failures = 0;

    /// <summary>Returns the pause after a number of failures, counted from 0.</summary>
    internal TimeSpan Of(int failures)
    {
        var window = first * Math.Pow(2, Math.Min(failures, MaxDoublings));
        return Shorten(window < longest ? window : longest, jitter, random);
    }

#pragma warning disable CA5394 // A pause is not a secret.
    /// <summary>Returns a time that is shorter by a random part, at most <paramref name="jitter"/> of it.</summary>
    internal static TimeSpan Shorten(TimeSpan span, double jitter, Random random) =>
        span * (1 - (jitter * random.NextDouble()));
#pragma warning restore CA5394
}
