using System.Numerics;

namespace Kameleoon.Hybrid.Tests;

/// <summary>How often the tests of the stages raise an alarm, by simulation with fixed seeds.</summary>
public sealed class SequentialTestTests
{
    private const int Window = VisitorTable.Places / 2;

    private static readonly double[] Halves = [0.5, 0.5];

    [Fact]
    public void At_most_one_of_a_thousand_healthy_experiments_raises_an_alarm_in_a_million_visitors()
    {
        const int Experiments = 2000;
        var random = new Bits(20);
        var alarms = 0;

        for (var i = 0; i < Experiments; i++)
        {
            alarms += RaisesAlarm(random, visitors: 1_000_000) ? 1 : 0;
        }

        alarms.ShouldBeLessThanOrEqualTo(Experiments / 1000);
    }

    [Theory]
    [InlineData(0, "Decided")]
    [InlineData(1, "Completed")]
    [InlineData(2, "Handed")]
    [InlineData(4, "Reported")]
    public void A_split_of_48_to_52_is_found_within_20000_visitors_in_nine_of_ten_runs(int first, string stage)
    {
        const int Runs = 1000;
        var random = new Bits(52);
        var (found, named) = (0, 0);

        for (var run = 0; run < Runs; run++)
        {
            var tests = Skewed(random, first);
            found += tests.AlarmedSince is null ? 0 : 1;
            named += tests.Origin?.ToString() == stage ? 1 : 0;
        }

        found.ShouldBeGreaterThanOrEqualTo(Runs * 9 / 10);
        named.ShouldBeGreaterThanOrEqualTo(found * 9 / 10);
    }

    [Theory]
    [InlineData(0.5, 0.5)]
    [InlineData(0.9, 0.1)]
    [InlineData(0.2, 0.3, 0.5)]
    [InlineData(0.999, 0.001)]
    public void Under_the_weights_the_expected_evidence_of_every_number_of_visitors_is_one(params double[] weights)
    {
        // The average over all outcomes of a few visitors, each with its probability.
        const int Visitors = 7;
        var expected = 0.0;
        var outcomes = (int)Math.Pow(weights.Length, Visitors);
        for (var outcome = 0; outcome < outcomes; outcome++)
        {
            var (counts, probability) = (new long[weights.Length], 1.0);
            for (var (visitor, rest) = (0, outcome); visitor < Visitors; visitor++, rest /= weights.Length)
            {
                counts[rest % weights.Length]++;
                probability *= weights[rest % weights.Length];
            }

            expected += probability * Math.Exp(SequentialRatioTest.LogEvidence(counts, weights));
        }

        expected.ShouldBe(1, tolerance: 1e-9);
    }

    [Fact]
    public void A_mismatch_is_dated_by_the_look_after_which_it_began()
    {
        var began = new DateTimeOffset(2026, 11, 29, 14, 2, 0, TimeSpan.Zero);
        var test = new StageTest(Halves, Math.Log(5000));

        for (var minute = -60; minute <= 60 && test.AlarmedSince is null; minute++)
        {
            var (a, b) = (500L * (minute + 60), (500L * (Math.Min(0, minute) + 60)) + (400L * Math.Max(0, minute)));
            test.Look([a, b], began.AddMinutes(minute));
        }

        test.AlarmedSince.ShouldNotBeNull().ShouldBeInRange(began.AddMinutes(-4), began.AddMinutes(4));
    }

    [Fact]
    public void A_visitor_counts_once_for_each_stage_and_never_after_being_excluded()
    {
        var table = new VisitorTable();

        table.Add(7u << 20, 1, out var isFirst).ShouldBe(1);
        isFirst.ShouldBeTrue();
        table.Add(7u << 20, 5, out isFirst).ShouldBe(4);
        isFirst.ShouldBeFalse();
        table.Add(7u << 20, 5, out _).ShouldBe(0);
        table.ExcludeAt(VisitorTable.PlaceOf(uint.MaxValue)).ShouldBeTrue();
        table.Add(uint.MaxValue, 1, out _).ShouldBe(0);
    }

    private static StageTests Skewed(Bits random, int first)
    {
        var tests = new StageTests(Halves, window: 1);
        var (healthy, skewed) = (new long[2], new long[2]);
        for (var visitor = 1; visitor <= 20_000; visitor++)
        {
            healthy[random.NextShare() < 0.5 ? 0 : 1]++;
            skewed[random.NextShare() < 0.48 ? 0 : 1]++;
            if (visitor % 100 == 0)
            {
                tests.Look(stage => stage == VisitorStages.Unreached ? [0, 0]
                    : [.. Array.IndexOf(StageTests.Tested, stage) < first ? healthy : skewed], default);
            }
        }

        return tests;
    }

    // Visitors by 64: one bit of the word is the variation, and of further words whether the visitor reaches the next stage.
    private static bool RaisesAlarm(Bits random, int visitors)
    {
        var (number, next) = (1, 0L);
        var tests = new StageTests(Halves, number);
        var counts = new long[2 * StageTests.Tested.Length];
        for (var seen = 0; seen < visitors; seen += 64)
        {
            var variation = random.Next();
            var completed = ~(random.Next() & random.Next());
            var handed = completed & ~(random.Next() & random.Next() & random.Next());
            var unreached = handed & random.Next() & random.Next() & random.Next();
            var reported = handed & ~(unreached & random.Next());
            Add(counts, 0, ulong.MaxValue, variation);
            Add(counts, 1, completed, variation);
            Add(counts, 2, handed, variation);
            Add(counts, 3, unreached, variation);
            Add(counts, 4, reported, variation);
            var total = counts[0] + counts[1];
            if (total >= next || total >= Window)
            {
                next = total + Math.Max(64, total / 20);
                tests.Look(stage => Read(counts, stage), default);
            }

            if (tests.AlarmedSince is not null)
            {
                return true;
            }

            if (total >= Window)
            {
                (tests, counts, next) = (new StageTests(Halves, ++number), new long[2 * StageTests.Tested.Length], 0);
            }
        }

        return false;
    }

    private static void Add(long[] counts, int stage, ulong reached, ulong variation)
    {
        counts[2 * stage] += BitOperations.PopCount(reached & variation);
        counts[(2 * stage) + 1] += BitOperations.PopCount(reached & ~variation);
    }

    private static long[] Read(long[] counts, VisitorStages stage) =>
        counts[(2 * Array.IndexOf(StageTests.Tested, stage))..][..2];
}
