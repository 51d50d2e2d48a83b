using System.Numerics;

namespace Kameleoon.Hybrid;

/// <summary>The response times of the control variation, from which follows what is slow. Safe for concurrent use.</summary>
/// <param name="slowBy">How much longer than 95 % of the responses a slow one takes.</param>
internal sealed class ControlTimes(TimeSpan slowBy)
{
    private const int LeastTimes = 200;
    private const double Quantile = 0.95;

    // Eight steps for each doubling, up to 2^31 milliseconds.
    private const int StepBits = 3;
    private const int StepCount = 1 << StepBits;

    private readonly long[] _times = new long[32 * StepCount];
    private int _slowFrom;

    /// <summary>From how many milliseconds on a response is slow, or 0 while that is not known.</summary>
    internal int SlowFrom => Volatile.Read(ref _slowFrom);

    internal void Add(int milliseconds) => Interlocked.Increment(ref _times[StepOf(milliseconds)]);

    /// <summary>Determines anew what is slow, once enough responses came. Older times count half from then on.</summary>
    internal void Look()
    {
        var total = _times.Sum();
        if (total < LeastTimes)
        {
            return;
        }

        var below = 0L;
        for (var step = 0; step < _times.Length; step++)
        {
            below += _times[step];
            if (below >= Quantile * total)
            {
                Volatile.Write(ref _slowFrom, EndOf(step) + (int)Math.Ceiling(slowBy.TotalMilliseconds));
                break;
            }
        }

        for (var step = 0; step < _times.Length; step++)
        {
            Interlocked.Add(ref _times[step], -(Volatile.Read(ref _times[step]) / 2));
        }
    }

    // The exponent and the three bits behind it.
    private static int StepOf(int milliseconds)
    {
        var scaled = Math.Max(0, (long)milliseconds) + StepCount;
        var exponent = BitOperations.Log2((ulong)scaled) - StepBits;
        return Math.Min((exponent * StepCount) + (int)((scaled >> exponent) - StepCount), (32 * StepCount) - 1);
    }

    private static int EndOf(int step)
    {
        var exponent = step / StepCount;
        return (int)Math.Min(int.MaxValue / 2, ((long)((step % StepCount) + StepCount + 1) << exponent) - StepCount);
    }
}
