namespace Kameleoon.Hybrid.Tests;

/// <summary>SplitMix64: the numbers of a seed are the same with every runtime.</summary>
internal sealed class Bits(ulong state)
{
    private ulong _state = state;

    internal ulong Next()
    {
        var z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    internal double NextShare() => (Next() >> 11) * (1.0 / (1L << 53));
}
