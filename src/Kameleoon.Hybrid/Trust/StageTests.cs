namespace Kameleoon.Hybrid;

/// <summary>The tests of all stages of one experiment during one window.</summary>
/// <remarks>
/// The probability that a healthy experiment ever raises an alarm is at most 0.001, over all stages and windows: 0.0009 for the
/// first window and 0.0001 for all later ones, in equal parts for the five stages. Conversions are not tested, because an experiment
/// is made to change them.
/// </remarks>
internal sealed class StageTests
{
    /// <summary>The tested stages in their order. A page acknowledges an exposure unless it tells that the engine did not
    /// run, so what is tested there is <see cref="VisitorStages.Unreached"/>.</summary>
    internal static readonly VisitorStages[] Tested =
    [
        VisitorStages.Decided,
        VisitorStages.Completed,
        VisitorStages.Handed,
        VisitorStages.Unreached,
        VisitorStages.Reported,
    ];

    private const double FalseAlarmsOfFirst = 0.0009;
    private const double FalseAlarmsOfLater = 0.0001;

    // Evidence of 20 to 1 at an earlier stage is enough to say that the mismatch of an alarm began there.
    private static readonly double EnoughForOrigin = Math.Log(20);

    private readonly StageTest[] _tests;

    /// <param name="weights">The expected share of each variation.</param>
    /// <param name="window">The number of the window, from 1.</param>
    internal StageTests(double[] weights, int window)
    {
        var threshold = -Math.Log(FalseAlarmsOf(window) / Tested.Length);
        _tests = [.. Tested.Select(_ => new StageTest(weights, threshold))];
    }

    /// <summary>The first stage at which the visitors do not fit the weights, or null while there is no alarm.</summary>
    internal VisitorStages? Origin
    {
        get
        {
            if (AlarmedSince is null)
            {
                return null;
            }

            return Tested[Array.FindIndex(_tests, static test =>
                test.AlarmedSince is not null || test.LogEvidence >= EnoughForOrigin)];
        }
    }

    /// <summary>When the mismatch began, or null while there is no alarm.</summary>
    internal DateTimeOffset? AlarmedSince => _tests.Min(static test => test.AlarmedSince);

    /// <summary>Returns the test of a stage, or null for a stage that is not tested.</summary>
    internal StageTest? Find(VisitorStages stage) =>
        Array.IndexOf(Tested, stage) is var place and >= 0 ? _tests[place] : null;

    /// <summary>Looks at the counts of all stages.</summary>
    internal void Look(Func<VisitorStages, long[]> counts, DateTimeOffset now)
    {
        for (var i = 0; i < Tested.Length; i++)
        {
            _tests[i].Look(counts(Tested[i]), now);
        }
    }

    // The parts of all later windows add up: 1/1 + 1/4 + 1/9 + … is π²/6.
    private static double FalseAlarmsOf(int window) => window == 1
        ? FalseAlarmsOfFirst
        : FalseAlarmsOfLater * 6 / (Math.PI * Math.PI * (window - 1.0) * (window - 1.0));
}
