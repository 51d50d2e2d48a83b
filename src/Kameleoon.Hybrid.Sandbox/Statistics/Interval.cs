namespace Kameleoon.Hybrid.Sandbox;

/// <summary>A value and its 95 % confidence interval.</summary>
internal sealed record Interval(double Value, double Low, double High)
{
    // The 97.5th percentile of the normal distribution.
    private const double Z = 1.959963984540054;

    /// <summary>A rate by Wilson's score interval, which holds for few visitors and for rates near 0 and 1.</summary>
    internal static Interval? Rate(long successes, long trials)
    {
        if (trials <= 0)
        {
            return null;
        }

        var rate = (double)successes / trials;
        var z2 = Z * Z;
        var centre = (rate + (z2 / (2 * trials))) / (1 + (z2 / trials));
        var half = Z / (1 + (z2 / trials)) * Math.Sqrt((rate * (1 - rate) / trials) + (z2 / (4.0 * trials * trials)));
        return new Interval(rate, Math.Max(0, centre - half), Math.Min(1, centre + half));
    }

    /// <summary>How far a rate lies above another, as a part of it; by the logarithm of their ratio.</summary>
    /// <returns>Null until both have a success.</returns>
    internal static Interval? Lift(long successes, long trials, long baseSuccesses, long baseTrials)
    {
        if (successes <= 0 || baseSuccesses <= 0 || trials < successes || baseTrials < baseSuccesses)
        {
            return null;
        }

        var ratio = (double)successes / trials / ((double)baseSuccesses / baseTrials);
        var error = Math.Sqrt((1.0 / successes) - (1.0 / trials) + (1.0 / baseSuccesses) - (1.0 / baseTrials));
        return new Interval(ratio - 1, (ratio * Math.Exp(-Z * error)) - 1, (ratio * Math.Exp(Z * error)) - 1);
    }
}
