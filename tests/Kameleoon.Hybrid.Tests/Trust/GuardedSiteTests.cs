using System.Text;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using static Kameleoon.Hybrid.Tests.GuardedSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A variation whose responses fail or are slow is withheld from new visitors.</summary>
public sealed class GuardedSiteTests
{
    [Fact]
    public async Task New_visitors_get_the_default_variation_instead_of_one_that_throws()
    {
        await using var site = await StartAsync();
        await site.VisitAsync("page", "throws");

        var entry = await site.CheckAsync();

        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Description.ShouldNotBeNull().ShouldContain("flag0: new visitors get off instead of b since 2026-01-15 12:00:");
        entry.Description.ShouldContain(" responses of b failed (100 %), 0 of ");
        site.Arms.Site.Metrics.Sum("kameleoon.experiment.withheld").ShouldBe(1);
        site.Arms.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1011).ShouldBe(1);
        var before = site.Decided.Count(static one => one.Arm == "b");
        await site.VisitAsync("page", "page");
        site.Decided.Count(static one => one.Arm == "b").ShouldBe(before);
        site.Decided.Count(static one => one.Arm == "off").ShouldBeGreaterThan(Visitors / 4);
    }

    [Fact]
    public async Task The_default_variation_has_the_reason_and_is_no_exposure()
    {
        await using var site = await StartWithholdingAsync();
        var (name, client) = site.FindNew();

        var variation = client.GetVariation("flag0");

        (variation.Key, variation.Reason, variation.ExperimentId).ShouldBe(("off", DecisionReason.Guarded, null));
        client.GetVariations()["flag0"].ShouldBeSameAs(variation);
        client.GetVariations(onlyActive: true).ContainsKey("flag0").ShouldBeFalse();
        client.GetVariations(onlyActive: true).ContainsKey("flag1").ShouldBeTrue();
        client.IsFeatureActive("flag0").ShouldBeFalse();
        var explanation = client.Explain("flag0").ShouldNotBeNull();
        explanation.Decision.Variation.ShouldBeSameAs(variation);
        explanation.ToString().ShouldEndWith("- New visitors do not get b at present, because its responses fail or are slow");
        (await site.Arms.StopAsync()).ShouldNotContain(one => one.Visitor == name && one.Flag == 0);
    }

    [Theory]
    [InlineData(false, "b")]
    [InlineData(true, "off")]
    public async Task A_visitor_who_was_exposed_before_keeps_the_variation_unless_set_otherwise(bool withholds, string expected)
    {
        await using var site = await StartWithholdingAsync(guard => guard.WithholdFromExposed = withholds);
        var exposed = site.Decided.First(static one => one.Arm == "b").Visitor;

        site.ClientOf(exposed).GetVariation("flag0").Key.ShouldBe(expected);

        var guard = site.Report.Experiments[0].Guard.Single();
        (guard.Variation, guard.State, guard.Trips[0].Reason).ShouldBe(("b", "withheld", "error"));
        (guard.KeptBy, guard.WithheldFrom).ShouldBe(withholds ? (0, 1) : (1, 0));
    }

    [Fact]
    public async Task A_variation_that_takes_much_longer_is_withheld()
    {
        await using var site = await StartAsync();
        await site.VisitAsync("page", "page", (5 * Visitors) + 50);
        (await site.CheckAsync()).Status.ShouldBe(HealthStatus.Healthy);
        await site.VisitAsync("page", "slow");

        var entry = await site.CheckAsync();

        entry.Description.ShouldNotBeNull().ShouldContain(" responses of b were slow (");
        site.Breaker.State.Phase.ShouldBe(GuardPhase.Open);
    }

    [Theory]
    [InlineData("page", "page")]
    [InlineData("throws", "throws")]
    [InlineData("page", "missing")]
    [InlineData("page", "redirect")]
    [InlineData("throws", "page")]
    public async Task A_variation_that_is_no_worse_is_never_withheld(string a, string b)
    {
        await using var site = await StartAsync();

        await site.VisitAsync(a, b);
        await site.CheckAsync();

        site.Breaker.State.Phase.ShouldBe(GuardPhase.Closed);
        site.Breaker.Trips.ShouldBeEmpty();
    }

    [Fact]
    public async Task Forced_variations_are_never_withheld()
    {
        await using var site = await StartWithholdingAsync();
        var client = site.FindNew().Client;

        client.SetForcedVariation(7001, "b");

        client.GetVariation("flag0").Reason.ShouldBe(DecisionReason.Forced);
    }

    [Fact]
    public async Task The_page_explains_each_time_a_variation_was_withheld()
    {
        await using var site = await StartWithholdingAsync();

        var html = TrustPage.Write(site.Report, nonce: null);

        html.ShouldContain("role=\"alert\">flag0: new visitors get off instead of b since");
        html.ShouldContain("<h3>Guard of b</h3><p>withheld since 2026-01-15 12:");
    }

    [Fact]
    public async Task Nothing_is_withheld_unless_the_guard_is_on()
    {
        await using var site = await StartWithholdingAsync(static guard => guard.Enabled = false);

        site.Tally.Guarded.ShouldBeNull();
        site.FindNew().Client.GetVariation("flag0").Key.ShouldBe("b");
    }

    [Fact]
    public async Task A_data_file_that_comes_during_a_test_decides_what_is_withheld_from_then_on()
    {
        using var log = new ActingLog();
        await using var site = await StartAsync(services: services => services.AddSingleton<ILoggerProvider>(log));
        await site.VisitAsync("page", "throws");
        ExperimentTally? replaced = null;
        log.OnWithheld = () =>
        {
            var otherWeights = ArmsSite.DataFile()
                .Replace("\"variationId\": 1001, \"exposition\": 0.5", "\"variationId\": 1001, \"exposition\": 0.4", StringComparison.Ordinal)
                .Replace("\"variationId\": 1002, \"exposition\": 0.5", "\"variationId\": 1002, \"exposition\": 0.6", StringComparison.Ordinal);
            var fetched = new FetchedDataFile(DataFileSource.Memory, Encoding.UTF8.GetBytes(otherWeights));
            site.Get<ConfigurationStore>().Confirm(ConfigurationSnapshot.Of(fetched, static _ => { }), DateTimeOffset.UnixEpoch);
            replaced = site.Tally;
        };

        var before = site.Tally;

        await site.CheckAsync();

        replaced.ShouldNotBeNull().ShouldNotBeSameAs(before);
        site.Get<VariationGuard>().IsWithholding.ShouldBeFalse();
    }

    [Fact]
    public async Task A_decision_allocates_nothing_for_the_guard()
    {
        await using var site = await StartAsync();
        await ShouldAllocateNothingAsync(site.FindNew().Client, "b");
        await site.VisitAsync("page", "throws");
        await site.CheckAsync();

        await ShouldAllocateNothingAsync(site.FindNew(skipped: 1).Client, "off");
    }

    private static async Task ShouldAllocateNothingAsync(IKameleoonClient client, string expected)
    {
        long bytes = 0;
        await Eventually.IsTrueAsync(
            () =>
            {
                var before = GC.GetAllocatedBytesForCurrentThread();
                for (var i = 0; i < 100; i++)
                {
                    client.GetVariation("flag0", track: false);
                }

                return (bytes = GC.GetAllocatedBytesForCurrentThread() - before) == 0;
            },
            () => $"{bytes} bytes");
        client.GetVariation("flag0", track: false).Key.ShouldBe(expected);
    }

    /// <summary>Does something at the moment at which a withheld variation is logged.</summary>
    private sealed class ActingLog : ILoggerProvider, ILogger
    {
        internal Action OnWithheld { get; set; } = static () => { };

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (eventId.Id == 1011)
            {
                OnWithheld();
            }
        }

        public void Dispose()
        {
        }
    }
}
