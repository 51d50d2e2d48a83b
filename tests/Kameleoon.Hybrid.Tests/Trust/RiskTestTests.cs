namespace Kameleoon.Hybrid.Tests;

/// <summary>How often the guard's test finds a larger risk, by simulation with fixed seeds.</summary>
public sealed class RiskTestTests
{
    private static readonly DateTimeOffset Start = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0.001, 2)]
    [InlineData(0.05, 100)]
    public void At_most_the_stated_share_of_healthy_variations_is_ever_found_worse(double falseAlarms, int most)
    {
        const int Variations = 2000;
        var random = new Bits(7);
        var found = 0;

        for (var i = 0; i < Variations; i++)
        {
            found += LooksUntilProof(random, new RiskTest(falseAlarms), looks: 500, risk: 0.05, controlRisk: 0.05) is null ? 0 : 1;
        }

        found.ShouldBeLessThanOrEqualTo(most);
    }

    [Theory]
    [InlineData(1, 0.01, 6)]
    [InlineData(0.3, 0.01, 20)]
    [InlineData(0.1, 0.02, 120)]
    public void A_larger_risk_is_found_within_so_many_looks_of_twenty_visitors(double risk, double controlRisk, int looks)
    {
        const int Runs = 200;
        var random = new Bits(8);
        var found = 0;

        for (var run = 0; run < Runs; run++)
        {
            found += LooksUntilProof(random, new RiskTest(0.001), looks, risk, controlRisk) is null ? 0 : 1;
        }

        found.ShouldBeGreaterThanOrEqualTo(Runs * 9 / 10);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-7)]
    public void A_failure_that_begins_after_much_health_is_found_as_soon_also_if_the_clock_was_set_back(int days)
    {
        var random = new Bits(9);
        var test = new RiskTest(0.001);
        LooksUntilProof(random, test, looks: 3000, risk: 0.05, controlRisk: 0.05).ShouldBeNull();
        LooksUntilProof(random, test, looks: 3000, risk: 0.05, controlRisk: 0.05, Start.AddDays(1 + days)).ShouldBeNull();

        var looks = LooksUntilProof(random, test, looks: 100, risk: 1, controlRisk: 0.05, Start.AddDays(2 + days));

        looks.ShouldNotBeNull().ShouldBeLessThanOrEqualTo(10);
    }

    [Fact]
    public void A_smaller_risk_is_no_proof()
    {
        LooksUntilProof(new Bits(10), new RiskTest(0.05), looks: 500, risk: 0.01, controlRisk: 0.5).ShouldBeNull();
    }

    // Twenty new visitors a look; visitors of earlier looks may fail later.
    private static int? LooksUntilProof(
        Bits random, RiskTest test, int looks, double risk, double controlRisk, DateTimeOffset? from = null)
    {
        long[] atRisk = [0, 0];
        for (var look = 1; look <= looks; look++)
        {
            long[] hits = [0, 0], responses = [0, 0];
            for (var visitor = 0; visitor < 20; visitor++)
            {
                var arm = random.NextShare() < 0.5 ? 0 : 1;
                atRisk[arm]++;
                responses[arm]++;
                hits[arm] += random.NextShare() < (arm == 0 ? risk : controlRisk) ? 1 : 0;
            }

            if (random.NextShare() < 0.3)
            {
                var arm = random.NextShare() * (atRisk[0] + atRisk[1]) < atRisk[0] ? 0 : 1;
                hits[arm] += hits[arm] < atRisk[arm] ? 1 : 0;
            }

            test.Add(
                hits[0], hits[1], atRisk[0], atRisk[1], new GuardRates(hits[0], responses[0], hits[1], responses[1]),
                (from ?? Start).AddSeconds(10 * look));
            atRisk = [atRisk[0] - hits[0], atRisk[1] - hits[1]];
            if (test.FindProof(leastIncrease: 0) is not null)
            {
                return look;
            }
        }

        return null;
    }
}
