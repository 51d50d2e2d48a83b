namespace Kameleoon.Hybrid.Tests;

public sealed class ExposureLedgerTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(200)]
    public void Of_each_experiment_the_variation_that_was_decided_last_is_returned(int experiments)
    {
        var ledger = new ExposureLedger();
        var last = new Dictionary<long, long>();
        for (var i = 0; i < 5 * experiments; i++)
        {
            // In an order that repeats neither experiments nor variations regularly.
            var (experiment, variation) = (i * i * 7 % experiments, i * 31 % 17 % 3);
            ledger.Add(Of(experiment, variation), track: true);
            last[experiment] = variation;
        }

        ledger.Add(Of(0, last[0] = 5), track: true);

        var returned = new Dictionary<long, long>();
        foreach (var entry in ledger)
        {
            returned.Add(entry.Exposure.ExperimentId, entry.Exposure.VariationId);
        }

        returned.ShouldBe(last, ignoreOrder: true);
        ledger.Count().ShouldBe(last.Count);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public void The_same_exposure_is_opened_once(int experiments)
    {
        var ledger = new ExposureLedger();

        var opened = Enumerable.Range(0, 4 * experiments).Count(i => ledger.Add(Of(i % experiments, 1), track: true) is not null);

        opened.ShouldBe(experiments);
        ledger.Count().ShouldBe(experiments);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void An_exposure_that_comes_back_after_another_is_the_last_again_and_stays_tracked(bool track)
    {
        var ledger = new ExposureLedger();
        ledger.Add(Of(7, 71), track: true);
        ledger.Add(Of(7, 72), track: true);

        ledger.Add(Of(7, 71), track);

        var entries = new List<ExposureEntry>();
        foreach (var entry in ledger)
        {
            entries.Add(entry);
        }

        entries.ShouldHaveSingleItem().Exposure.VariationId.ShouldBe(71);
        entries[0].IsOpen.ShouldBeTrue();
    }

    [Fact]
    public void An_exposure_that_has_an_owner_is_not_opened_again()
    {
        var ledger = new ExposureLedger();
        ledger.Add(Of(7, 71), track: true)!.GiveToEngine();
        ledger.Add(Of(7, 72), track: true);

        ledger.Add(Of(7, 71), track: true).ShouldBeNull();
    }

    [Fact]
    public void Threads_that_decide_together_open_each_exposure_once()
    {
        const int Experiments = 500;
        var ledger = new ExposureLedger();
        var opened = 0;

        Parallel.For(0, 8 * Experiments, i =>
        {
            if (ledger.Add(Of(i % Experiments, 1), track: true) is not null)
            {
                Interlocked.Increment(ref opened);
            }
        });

        opened.ShouldBe(Experiments);
        ledger.Count().ShouldBe(Experiments);
    }

    private static Exposure Of(long experiment, long variation) =>
        new(experiment, variation, RunsInBrowser: false, IsTargetedDelivery: false);
}
