namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class StatisticsTests
{
    [Theory]
    [InlineData(10, 100, 0.05523, 0.17437)]
    [InlineData(0, 50, 0, 0.07135)]
    [InlineData(50, 50, 0.92865, 1)]
    [InlineData(1, 1, 0.20655, 1)]
    public void A_rate_has_Wilson_s_interval(long successes, long trials, double low, double high)
    {
        var rate = Interval.Rate(successes, trials)!;

        rate.Value.ShouldBe((double)successes / trials);
        rate.Low.ShouldBe(low, 1e-4);
        rate.High.ShouldBe(high, 1e-4);
    }

    [Fact]
    public void Without_visitors_there_is_no_rate() => Interval.Rate(0, 0).ShouldBeNull();

    [Fact]
    public void A_lift_is_certain_only_when_its_interval_leaves_zero()
    {
        var few = Interval.Lift(12, 100, 10, 100)!;
        var many = Interval.Lift(1200, 10_000, 1000, 10_000)!;

        few.Value.ShouldBe(0.2, 1e-9);
        few.Low.ShouldBeLessThan(0);
        many.Low.ShouldBeGreaterThan(0);
        Interval.Lift(0, 100, 10, 100).ShouldBeNull();
    }

    [Theory]
    [InlineData(3.841459, 1, 0.05)]
    [InlineData(10.827566, 1, 0.001)]
    [InlineData(0.4549364, 1, 0.5)]
    [InlineData(5.991465, 2, 0.05)]
    [InlineData(7.814728, 3, 0.05)]
    [InlineData(16.266236, 3, 0.001)]
    [InlineData(9.487729, 4, 0.05)]
    [InlineData(18.307038, 10, 0.05)]
    public void A_chi_square_has_the_probability_of_the_tables(double chiSquare, int degrees, double probability) =>
        SampleRatio.ChiSquareTail(chiSquare, degrees).ShouldBe(probability, 1e-6);

    [Theory]
    [InlineData(500, 500, "fine")]
    [InlineData(500, 590, "doubtful")]
    [InlineData(500, 700, "broken")]
    [InlineData(3, 4, "few")]
    public void A_spread_is_judged_by_its_probability(long first, long second, string verdict) =>
        SampleRatio.Of([(first, 0.5), (second, 0.5)])!.Verdict.ShouldBe(verdict);

    [Fact]
    public void Weights_need_not_add_up_to_one() =>
        SampleRatio.Of([(100, 0.1), (300, 0.3)])!.PValue.ShouldBe(1, 1e-9);

    [Fact]
    public void A_series_grows_wider_steps_and_loses_nothing()
    {
        var series = new TimeSeries();
        var start = new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

        for (var i = 0; i < 10_000; i++)
        {
            series.Add(start.AddSeconds(i * 7), 1);
        }

        series.Steps.Count().ShouldBeLessThanOrEqualTo(120);
        series.Steps.Sum(step => step.Sum).ShouldBe(10_000);
    }

    [Fact]
    public void A_pause_is_a_line_at_zero_and_not_a_slope()
    {
        var series = new TimeSeries();
        var start = DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);
        foreach (var second in (ReadOnlySpan<int>)[0, 5, 15, 60])
        {
            series.Add(start.AddSeconds(second), 1);
        }

        series.StepsWithPauses.Select(step => (step.Second - 1_000_000_000, step.Sum)).ShouldBe(
            [(0, 1), (5, 1), (10, 0), (15, 1), (20, 0), (55, 0), (60, 1)]);
    }
}
