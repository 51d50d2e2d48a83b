using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A variation whose responses fail or are slow is withheld from new visitors until it is healthy.</summary>
public sealed class GuardedSiteTests
{
    private const int Visitors = 80;

    private readonly ManualClock _clock = new();
    private int _visited;

    [Fact]
    public async Task New_visitors_get_the_default_variation_instead_of_one_that_throws()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "throws");

        var entry = await CheckAsync(arms);

        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Description.ShouldNotBeNull().ShouldContain("flag0: new visitors get off instead of b since 2026-01-15 12:00:");
        entry.Description.ShouldContain(" responses of b failed (100 %), 0 of ");
        arms.Site.Metrics.Sum("kameleoon.experiment.withheld").ShouldBe(1);
        arms.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1011).ShouldBe(1);
        var before = arms.Decided.Count(static one => one.Arm == "b");
        await VisitAsync(arms, "page", "page");
        arms.Decided.Count(static one => one.Arm == "b").ShouldBe(before);
        arms.Decided.Count(static one => one.Arm == "off").ShouldBeGreaterThan(Visitors / 4);
    }

    [Fact]
    public async Task The_default_variation_has_the_reason_and_is_no_exposure()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);
        var (name, client) = FindNew(arms);

        var variation = client.GetVariation("flag0");

        (variation.Key, variation.Reason, variation.ExperimentId).ShouldBe(("off", DecisionReason.Guarded, null));
        client.GetVariations()["flag0"].ShouldBeSameAs(variation);
        client.GetVariations(onlyActive: true).ContainsKey("flag0").ShouldBeFalse();
        client.GetVariations(onlyActive: true).ContainsKey("flag1").ShouldBeTrue();
        client.IsFeatureActive("flag0").ShouldBeFalse();
        var explanation = client.Explain("flag0").ShouldNotBeNull();
        explanation.Decision.Variation.ShouldBeSameAs(variation);
        explanation.ToString().ShouldEndWith("- New visitors do not get b at present, because its responses fail or are slow");
        (await arms.StopAsync()).ShouldNotContain(one => one.Visitor == name && one.Flag == 0);
    }

    [Theory]
    [InlineData(false, "b")]
    [InlineData(true, "off")]
    public async Task A_visitor_who_was_exposed_before_keeps_the_variation_unless_set_otherwise(bool withholds, string expected)
    {
        await using var arms = await StartAsync(guard => guard.WithholdFromExposed = withholds);
        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);
        var exposed = arms.Decided.First(static one => one.Arm == "b").Visitor;

        ClientOf(arms, exposed).GetVariation("flag0").Key.ShouldBe(expected);

        var guard = Report(arms).Experiments[0].Guard.Single();
        (guard.Variation, guard.State, guard.Trips[0].Reason).ShouldBe(("b", "withheld", "error"));
        (guard.KeptBy, guard.WithheldFrom).ShouldBe(withholds ? (0, 1) : (1, 0));
    }

    [Fact]
    public async Task A_variation_that_takes_much_longer_is_withheld()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "page", 5 * Visitors + 50);
        (await CheckAsync(arms)).Status.ShouldBe(HealthStatus.Healthy);
        await VisitAsync(arms, "page", "slow");

        var entry = await CheckAsync(arms);

        entry.Description.ShouldNotBeNull().ShouldContain(" responses of b were slow (");
        Breaker(arms).State.Phase.ShouldBe(GuardPhase.Open);
    }

    [Theory]
    [InlineData("page", "page")]
    [InlineData("throws", "throws")]
    [InlineData("page", "missing")]
    [InlineData("page", "redirect")]
    [InlineData("throws", "page")]
    public async Task A_variation_that_is_no_worse_is_never_withheld(string a, string b)
    {
        await using var arms = await StartAsync();

        await VisitAsync(arms, a, b);
        await CheckAsync(arms);

        Breaker(arms).State.Phase.ShouldBe(GuardPhase.Closed);
        Breaker(arms).Trips.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_few_new_visitors_try_it_again_and_all_get_it_once_it_is_healthy()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);
        Advance(TimeSpan.FromMinutes(4));
        (await CheckAsync(arms)).Description.ShouldNotBeNull().ShouldContain("instead of b");
        Advance(TimeSpan.FromMinutes(1));
        (await CheckAsync(arms)).Description.ShouldNotBeNull().ShouldContain("flag0: a few new visitors try b again since");

        await VisitAsync(arms, "page", "page");
        var tried = arms.Decided.TakeLast(Visitors).Count(static one => one.Arm == "b");
        tried.ShouldBeInRange(10, Visitors * 4 / 10);
        arms.Decided.TakeLast(Visitors).Count(static one => one.Arm == "off").ShouldBeGreaterThan(0);
        (await CheckAsync(arms)).Description.ShouldNotBeNull().ShouldNotContain("try b again");
        await VisitAsync(arms, "page", "page");

        Breaker(arms).State.Phase.ShouldBe(GuardPhase.Closed);
        arms.Decided.TakeLast(Visitors).ShouldNotContain(static one => one.Arm == "off");
        arms.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1012).ShouldBe(2);
    }

    [Fact]
    public async Task A_variation_that_still_fails_is_withheld_for_longer_up_to_a_limit()
    {
        await using var arms = await StartAsync(static guard => guard.MaxBreakFor = TimeSpan.FromMinutes(15));
        await VisitAsync(arms, "page", "throws");
        List<double> breaks = [];

        for (var round = 0; round < 4; round++)
        {
            await CheckAsync(arms);
            var state = Breaker(arms).State;
            state.Phase.ShouldBe(GuardPhase.Open);
            breaks.Add((state.NextProbe!.Value - state.Since).TotalMinutes);
            Advance(TimeSpan.FromMinutes(15));
            await CheckAsync(arms);
            await VisitAsync(arms, "page", "throws");
        }

        breaks.ShouldBe([5, 10, 15, 15]);
    }

    [Fact]
    public async Task Visitors_of_a_guarded_time_are_left_out_of_the_split_on_both_sides()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);
        var decided = Tally(arms).Window!.Read(VisitorStages.Decided).Sum();
        var guarded = _visited;

        await VisitAsync(arms, "page", "page", 3 * Visitors);
        Tally(arms).Window!.Read(VisitorStages.Decided).Sum().ShouldBe(decided);
        Advance(TimeSpan.FromMinutes(5));
        await CheckAsync(arms);
        await VisitAsync(arms, "page", "page", 2 * Visitors);
        await CheckAsync(arms);
        Breaker(arms).State.Phase.ShouldBe(GuardPhase.Closed);
        _visited = guarded;
        await VisitAsync(arms, "page", "page", 3 * Visitors);
        Tally(arms).Window!.Read(VisitorStages.Decided).Sum().ShouldBe(decided);
    }

    [Fact]
    public async Task Forced_variations_are_never_withheld()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);
        var client = FindNew(arms).Client;

        client.SetForcedVariation(7001, "b");

        client.GetVariation("flag0").Reason.ShouldBe(DecisionReason.Forced);
    }

    [Fact]
    public async Task The_page_explains_each_time_a_variation_was_withheld()
    {
        await using var arms = await StartAsync();
        await VisitAsync(arms, "page", "throws");

        var html = TrustPage.Write(Report(arms), nonce: null);

        html.ShouldContain("role=\"alert\">flag0: new visitors get off instead of b since");
        html.ShouldContain("<h3>Guard of b</h3><p>withheld since 2026-01-15 12:");
    }

    [Fact]
    public async Task Nothing_is_withheld_unless_the_guard_is_on()
    {
        await using var arms = await StartAsync(static guard => guard.Enabled = false);

        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);

        Tally(arms).Guarded.ShouldBeNull();
        FindNew(arms).Client.GetVariation("flag0").Key.ShouldBe("b");
    }

    [Fact]
    public async Task A_decision_allocates_nothing_for_the_guard()
    {
        await using var arms = await StartAsync();
        var healthy = FindNew(arms).Client;
        await ShouldAllocateNothingAsync(healthy, "b");
        await VisitAsync(arms, "page", "throws");
        await CheckAsync(arms);

        await ShouldAllocateNothingAsync(FindNew(arms, skipped: 1).Client, "off");
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

    private void Advance(TimeSpan time) => _clock.Advance(time);

    private Task<ArmsSite> StartAsync(Action<KameleoonGuardOptions>? guard = null) => ArmsSite.StartAsync(
        kameleoon: builder => builder.AddKameleoonTrust(options =>
        {
            (options.Guard.Enabled, options.Guard.ProbeShare, options.Guard.ProbeVisitors) = (true, 0.5, 10);
            guard?.Invoke(options.Guard);
        }),
        services: services =>
        {
            services.AddSingleton<TimeProvider>(_clock);
            services.AddHealthChecks().AddKameleoonTrust();
        });

    private async Task VisitAsync(ArmsSite arms, string a, string b, int visitors = Visitors)
    {
        var answered = Answered(arms) + visitors;
        for (var i = 0; i < visitors; i++)
        {
            await arms.VisitAsync($"visitor{_visited++}", HttpMethod.Get, $"/step/0?a={a}&b={b}", followsRedirect: true);
        }

        // The last response may be counted after it was read.
        await Eventually.IsTrueAsync(() => Answered(arms) + arms.Decided.TakeLast(visitors).Count(static one => one.Arm == "off") >= answered);
    }

    private static long Answered(ArmsSite arms) =>
        Enum.GetValues<ExposureOutcome>().Sum(outcome => Tally(arms).Read(outcome).Sum());

    private static (string Name, IKameleoonClient Client) FindNew(ArmsSite arms, int skipped = 0)
    {
        var bucketed = Enumerable.Range(0, 100)
            .Select(static number => $"new{number}")
            .Where(name => arms.Site.Configuration.DataFile!.Decide("flag0", new Anybody(name)).Variation.Key == "b")
            .ElementAt(skipped);
        return (bucketed, ClientOf(arms, bucketed));
    }

    private static IKameleoonClient ClientOf(ArmsSite arms, string visitor) =>
        arms.Site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    private static ExperimentTally Tally(ArmsSite arms) => arms.Site.App.Services.GetRequiredService<TrustMonitor>()
        .Experiments.First(static tally => tally.Version.FlagKey == "flag0");

    private static VariationBreaker Breaker(ArmsSite arms) => Tally(arms).Guarded!.Breakers.Single();

    private TrustReport Report(ArmsSite arms) => TrustReport.Of(
        arms.Site.App.Services.GetRequiredService<TrustMonitor>(),
        arms.Site.App.Services.GetRequiredService<IdentityComparisons>(),
        "abcde12345",
        _clock.GetUtcNow());

    private static async Task<HealthReportEntry> CheckAsync(ArmsSite arms) =>
        (await arms.Site.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["kameleoon-trust"];

    private sealed record Anybody(string VisitorCode) : IVisitorFacts
    {
        public DateTimeOffset Now => default;
    }
}
