namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The sample ratio check: whether visitors are distributed over the variations as the weights require.
/// </summary>
/// <param name="ChiSquare">The sum of squared deviations, each over what was expected.</param>
/// <param name="PValue">How often chance alone deviates as far, from 0 to 1.</param>
/// <param name="Verdict">What it means: <c>few</c>, <c>fine</c>, <c>doubtful</c> or <c>broken</c>.</param>
internal sealed record SampleRatio(double ChiSquare, double PValue, string Verdict)
{
    // Below five expected visitors the distribution is not chi-square's.
    private const double LeastExpected = 5;

    // What practitioners of sample ratio checks use, because the check is made again and again.
    private const double Alarm = 0.001;
    private const double Doubt = 0.01;

    /// <returns>Null when there are not two variations with a weight.</returns>
    internal static SampleRatio? Of(IReadOnlyList<(long Visitors, double Share)> variations)
    {
        var shares = variations.Where(variation => variation.Share > 0).ToList();
        var total = shares.Sum(variation => variation.Visitors);
        var weight = shares.Sum(variation => variation.Share);
        if (shares.Count < 2)
        {
            return null;
        }

        if (shares.Min(variation => variation.Share) / weight * total < LeastExpected)
        {
            return new SampleRatio(0, 1, "few");
        }

        var chiSquare = shares.Sum(variation =>
        {
            var expected = variation.Share / weight * total;
            return (variation.Visitors - expected) * (variation.Visitors - expected) / expected;
        });
        var p = ChiSquareTail(chiSquare, shares.Count - 1);
        return new SampleRatio(chiSquare, p, p < Alarm ? "broken" : p < Doubt ? "doubtful" : "fine");
    }

    /// <summary>The probability of a value above <paramref name="x"/>: the upper incomplete gamma function.</summary>
    internal static double ChiSquareTail(double x, int degrees)
    {
        if (x <= 0)
        {
            return 1;
        }

        // Q(1/2) and Q(1) are known, and Q(a + 1) = Q(a) + h^a e^-h / Γ(a + 1).
        var half = x / 2;
        var odd = degrees % 2 == 1;
        var tail = odd ? Erfc(Math.Sqrt(half)) : Math.Exp(-half);
        var a = odd ? 0.5 : 1;
        var term = Math.Exp(-half) * (odd ? Math.Sqrt(half) / (Math.Sqrt(Math.PI) / 2) : half);
        for (; a < degrees / 2.0; a++)
        {
            tail += term;
            term *= half / (a + 1);
        }

        return Math.Clamp(tail, 0, 1);
    }

    // A series near 0, a continued fraction elsewhere; both to about 15 digits.
    private static double Erfc(double x)
    {
        if (x < 2)
        {
            double sum = x, term = x;
            for (var n = 1; n < 100; n++)
            {
                term *= -x * x / n;
                sum += term / ((2 * n) + 1);
            }

            return 1 - (2 / Math.Sqrt(Math.PI) * sum);
        }

        var fraction = 0.0;
        for (var n = 60; n > 0; n--)
        {
            fraction = n / 2.0 / (x + fraction);
        }

        return Math.Exp(-x * x) / Math.Sqrt(Math.PI) / (x + fraction);
    }
}
