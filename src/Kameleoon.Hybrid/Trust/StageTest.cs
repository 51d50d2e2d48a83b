namespace Kameleoon.Hybrid;

/// <summary>The test of one stage during one window: whether its visitors are distributed as the weights require.</summary>
/// <param name="weights">The expected share of each variation.</param>
/// <param name="threshold">The logarithm of the evidence from which on the test is an alarm.</param>
internal sealed class StageTest(double[] weights, double threshold)
{
    private const int MaxCheckpoints = 32;

    private readonly List<(DateTimeOffset Time, long[] Counts)> _checkpoints = [];

    /// <summary>The largest logarithm of the evidence so far.</summary>
    internal double LogEvidence { get; private set; }

    /// <summary>When the mismatch began, as far as the looks tell, or null while there is no alarm.</summary>
    internal DateTimeOffset? AlarmedSince { get; private set; }

    /// <summary>Compares the counts with the weights.</summary>
    /// <param name="counts">The visitors of each variation. They never decrease.</param>
    /// <param name="now">The time of the look.</param>
    internal void Look(long[] counts, DateTimeOffset now)
    {
        LogEvidence = Math.Max(LogEvidence, SequentialRatioTest.LogEvidence(counts, weights));
        if (AlarmedSince is null && LogEvidence >= threshold)
        {
            AlarmedSince = FindBeginning(counts, now);
        }

        if (_checkpoints.Count == 0 || !_checkpoints[^1].Counts.AsSpan().SequenceEqual(counts))
        {
            Remember(counts, now);
        }
    }

    // Of all looks, the one after which the visitors fit the weights least.
    private DateTimeOffset FindBeginning(long[] counts, DateTimeOffset now)
    {
        var (beginning, most) = (now, double.NegativeInfinity);
        foreach (var (time, earlier) in _checkpoints)
        {
            var misfit = MisfitAfter(earlier, counts);
            (beginning, most) = misfit > most ? (time, misfit) : (beginning, most);
        }

        return beginning;
    }

    private double MisfitAfter(long[] earlier, long[] counts)
    {
        var total = counts.Sum() - earlier.Sum();
        var misfit = 0.0;
        for (var i = 0; i < counts.Length; i++)
        {
            var added = counts[i] - earlier[i];
            misfit += added > 0 ? added * Math.Log(added / (total * weights[i])) : 0;
        }

        return misfit;
    }

    // Memory is bounded: when it is full, every other look is forgotten.
    private void Remember(long[] counts, DateTimeOffset now)
    {
        if (_checkpoints.Count >= MaxCheckpoints)
        {
            var place = 0;
            _checkpoints.RemoveAll(_ => place++ % 2 == 1);
        }

        _checkpoints.Add((now, counts));
    }
}
