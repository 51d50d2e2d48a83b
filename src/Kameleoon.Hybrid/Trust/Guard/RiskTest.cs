namespace Kameleoon.Hybrid;

/// <summary>Tests whether visitors of a variation get bad responses sooner than those of the control variation. The test may be
/// looked at any time.</summary>
/// <remarks>
/// A sequential logrank test (ter Schure, Pérez-Ortiz, Ly and Grünwald, "The Anytime-Valid Logrank Test", 2020): of all visitors
/// who have had no bad response yet, whose is the next one? If the variation is no worse, the visitors at risk say so. The evidence
/// is the likelihood under a risk that is larger by a factor, averaged over factors, over the likelihood under equal risks. With
/// equal or smaller risk the probability that it ever reaches 1/a is at most a (Ville's inequality). A visitor counts once, so
/// many bad responses of one visitor are no evidence. A look takes several visitors at once, who are drawn without putting back:
/// that makes the evidence smaller (Hoeffding, 1963). A test that has seen much health is slow to see a failure that begins, so
/// further tests begin at fixed intervals, each with a share of the probability of a false alarm.
/// </remarks>
/// <param name="falseAlarms">The probability of a false alarm, over all time.</param>
internal sealed class RiskTest(double falseAlarms)
{
    private static readonly double[] Factors = [1.5, 2, 3, 5, 10, 100];

    private readonly Run[] _runs =
    [
        new(TimeSpan.MaxValue), new(TimeSpan.FromDays(1)), new(TimeSpan.FromHours(2)), new(TimeSpan.FromMinutes(10)),
    ];

    /// <summary>Adds what happened since the last look.</summary>
    /// <param name="hit">The visitors of the variation whose first bad response it was.</param>
    /// <param name="controlHit">Those of the control variation.</param>
    /// <param name="atRisk">The visitors of the variation who had no bad response before, these included.</param>
    /// <param name="controlAtRisk">Those of the control variation.</param>
    /// <param name="rates">The responses.</param>
    /// <param name="now">The time of the look.</param>
    internal void Add(long hit, long controlHit, long atRisk, long controlAtRisk, in GuardRates rates, DateTimeOffset now)
    {
        var (all, controlAll) = ((double)Math.Max(hit, atRisk), (double)Math.Max(controlHit, controlAtRisk));
        Span<double> added = stackalloc double[Factors.Length];
        if (hit + controlHit > 0 && all > 0 && controlAll > 0)
        {
            for (var i = 0; i < added.Length; i++)
            {
                var larger = (Factors[i] * all) + controlAll;
                added[i] = (hit * Math.Log(Factors[i] * (all + controlAll) / larger))
                    + (controlHit * Math.Log((all + controlAll) / larger));
            }
        }

        foreach (var run in _runs)
        {
            run.Add(added, rates, now);
        }
    }

    /// <summary>Returns the responses of the run that proves a larger risk, or null.</summary>
    /// <param name="leastIncrease">How much larger the share of bad responses must be, too.</param>
    internal GuardRates? FindProof(double leastIncrease)
    {
        foreach (var run in _runs)
        {
            if (run.LogEvidence >= run.Threshold(falseAlarms / _runs.Length) && run.Rates.Increase >= leastIncrease)
            {
                return run.Rates;
            }
        }

        return null;
    }

    /// <summary>Begins anew at fixed intervals.</summary>
    private sealed class Run(TimeSpan interval)
    {
        private readonly double[] _logs = new double[Factors.Length];
        private DateTimeOffset _began;
        private int _number;

        internal GuardRates Rates { get; private set; }

        internal double LogEvidence
        {
            get
            {
                var largest = _logs.Max();
                return largest + Math.Log(_logs.Sum(log => Math.Exp(log - largest)) / _logs.Length);
            }
        }

        // The shares of all runs add up: 1/2 + 1/6 + 1/12 + … is 1.
        internal double Threshold(double falseAlarms) => interval == TimeSpan.MaxValue
            ? -Math.Log(falseAlarms)
            : -Math.Log(falseAlarms / (_number * (_number + 1.0)));

        internal void Add(ReadOnlySpan<double> added, in GuardRates rates, DateTimeOffset now)
        {
            // The system's clock may be set back. A run that begins anew in any case then does so at once.
            if (_number == 0 || now - _began >= interval || (now < _began && interval != TimeSpan.MaxValue))
            {
                _began = now;
                _number++;
                Array.Clear(_logs);
                Rates = default;
            }

            Rates = Rates.Plus(rates);
            for (var i = 0; i < _logs.Length; i++)
            {
                _logs[i] += added[i];
            }
        }
    }
}
