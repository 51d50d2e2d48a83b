namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>Chance that repeats: one seed gives the same throws on every machine and framework (SplitMix64).</summary>
internal sealed class Dice(ulong seed)
{
    private ulong _state = seed;

    internal int Below(int bound) => (int)(Next() % (ulong)bound);

    /// <summary>A number between two, both included.</summary>
    internal int Between(int low, int high) => low + Below(high - low + 1);

    internal bool Percent(int chance) => Below(100) < chance;

    internal double Fraction() => (Next() >> 11) / (double)(1UL << 53);

    internal T One<T>(params ReadOnlySpan<T> of) => of[Below(of.Length)];

    internal static T[] Times<T>(int count, Func<T> thrown) => [.. Enumerable.Range(0, count).Select(_ => thrown())];

    private ulong Next()
    {
        _state += 0x9E3779B97F4A7C15;
        var mixed = (_state ^ (_state >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
