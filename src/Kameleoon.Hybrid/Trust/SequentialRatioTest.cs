namespace Kameleoon.Hybrid;

/// <summary>Measures how much better visitors fit to other weights than to those of their experiment.</summary>
/// <remarks>
/// A test martingale for multinomial counts (Lindon and Malek, "Anytime-Valid Inference for Multinomial Count Data", NeurIPS
/// 2022): the likelihood of the counts, averaged over alternatives that are chosen in advance, over their likelihood under the
/// weights. If the weights are right, the probability that it ever reaches 1/a is at most a, however often it is looked at
/// (Ville's inequality). A quarter of the average is a Dirichlet distribution around the weights. The rest is on alternatives
/// with one variation's share three percent larger or smaller, because those are the mismatches that need most visitors.
/// </remarks>
internal static class SequentialRatioTest
{
    private const double Concentration = 50;
    private const double DirichletPart = 0.25;
    private const double Tilt = 0.03;

    // Below it, Stirling's series has not enough digits.
    private const double LeastForSeries = 10;

    private static readonly double HalfLogOfTwoPi = 0.5 * Math.Log(2 * Math.PI);

    /// <summary>Returns the natural logarithm of the evidence against the weights.</summary>
    /// <param name="counts">The visitors of each variation.</param>
    /// <param name="weights">The expected share of each variation; each is above 0, and together they are 1.</param>
    internal static double LogEvidence(ReadOnlySpan<long> counts, ReadOnlySpan<double> weights)
    {
        var total = 0L;
        foreach (var count in counts)
        {
            total += count;
        }

        // The logarithm of a sum of exponentials, without overflow.
        var largest = Math.Log(DirichletPart) + LogDirichlet(counts, weights, total);
        var sum = 1.0;
        var logPart = Math.Log((1 - DirichletPart) / (2 * weights.Length));
        for (var i = 0; i < weights.Length; i++)
        {
            var step = Tilt * Math.Min(weights[i], 1 - weights[i]);
            Add(ref largest, ref sum, logPart + LogTilted(counts[i], total, weights[i], weights[i] + step));
            Add(ref largest, ref sum, logPart + LogTilted(counts[i], total, weights[i], weights[i] - step));
        }

        return largest + Math.Log(sum);
    }

    private static void Add(ref double largest, ref double sum, double added)
    {
        if (added > largest)
        {
            sum = (sum * Math.Exp(largest - added)) + 1;
            largest = added;
        }
        else
        {
            sum += Math.Exp(added - largest);
        }
    }

    private static double LogTilted(long count, long total, double weight, double tilted) =>
        (count * Math.Log(tilted / weight)) + ((total - count) * Math.Log((1 - tilted) / (1 - weight)));

    private static double LogDirichlet(ReadOnlySpan<long> counts, ReadOnlySpan<double> weights, long total)
    {
        var log = LogGamma(Concentration) - LogGamma(Concentration + total);
        for (var i = 0; i < weights.Length; i++)
        {
            var prior = Concentration * weights[i];
            log += LogGamma(prior + counts[i]) - LogGamma(prior) - (counts[i] * Math.Log(weights[i]));
        }

        return log;
    }

    private static double LogGamma(double x)
    {
        var shift = 0.0;
        for (; x < LeastForSeries; x++)
        {
            shift -= Math.Log(x);
        }

        var inverse = 1 / x;
        var square = inverse * inverse;
        var series = inverse * ((1.0 / 12) - (square * ((1.0 / 360) - (square * ((1.0 / 1260) - (square / 1680))))));
        return shift + ((x - 0.5) * Math.Log(x)) - x + HalfLogOfTwoPi + series;
    }
}
