using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Each way to lose visitors of one variation raises its alarm, and healthy experiments raise none.</summary>
public sealed class TrustedSiteTests
{
    private const int Visitors = 200;

    [Theory]
    [InlineData("throws", "complete responses for b than for a", "the responses of b fail")]
    [InlineData("missing", "complete responses for b than for a", "the responses of b fail")]
    [InlineData("html", "exposures handed to the engine for b than for a", "the pages of b have no tracking tag")]
    [InlineData("blocked", "acknowledgements for b than for a", "the pages of b end before the engine runs")]
    [InlineData("left", "acknowledgements for b than for a", "the pages of b end before the engine runs")]
    public async Task A_variation_that_loses_its_visitors_degrades_the_health(string answer, string fewer, string reason)
    {
        await using var arms = await StartAsync();

        await VisitAsync(arms, "page", answer);

        var entry = await CheckAsync(arms.Site);
        entry.Status.ShouldBe(HealthStatus.Degraded);
        entry.Description.ShouldNotBeNull().ShouldContain("flag0: ");
        entry.Description.ShouldContain(fewer);
        entry.Description.ShouldContain(reason);
        arms.Site.Metrics.Sum("kameleoon.experiment.alarms").ShouldBe(1);
        arms.Site.Log.GetSnapshot().Count(static line => line.Id.Id == 1001 && line.Level == LogLevel.Warning).ShouldBe(1);
    }

    [Theory]
    [InlineData("page", "page")]
    [InlineData("page", "redirect")]
    [InlineData("json", "redirect")]
    [InlineData("page", "stream")]
    [InlineData("blocked", "blocked")]
    [InlineData("throws", "throws")]
    public async Task A_healthy_experiment_raises_no_alarm(string a, string b)
    {
        await using var arms = await StartAsync();

        await VisitAsync(arms, a, b);

        (await CheckAsync(arms.Site)).Status.ShouldBe(HealthStatus.Healthy);
        var tally = Tally(arms.Site);
        tally.Window.ShouldNotBeNull().Read(VisitorStages.Decided).Sum().ShouldBe(Decided(arms));
    }

    [Fact]
    public async Task Each_visitor_counts_once_and_each_response_by_its_outcome()
    {
        await using var arms = await StartAsync();

        for (var round = 0; round < 3; round++)
        {
            await arms.VisitAsync("anna", HttpMethod.Get, "/step/0?a=page&b=page", followsRedirect: true);
            await arms.VisitAsync("anna", HttpMethod.Get, "/step/0?a=missing&b=missing", followsRedirect: true);
        }

        await arms.SendAsync("bot", HttpMethod.Get, "/step/0?a=page&b=page", ("User-Agent", Agents.Googlebot));
        await arms.SendAsync("ahead", HttpMethod.Get, "/step/0?a=page&b=page", ("Sec-Purpose", "prefetch"));
        var tally = Tally(arms.Site);
        await Eventually.IsTrueAsync(() => tally.Read(ExposureOutcome.Prefetch).Sum() == 1
            && tally.Read(ExposureOutcome.Ok).Sum() == 3 && tally.Read(ExposureOutcome.Error).Sum() == 3);
        tally.Window!.Read(VisitorStages.Decided).Sum().ShouldBe(1);
        tally.Window.Read(VisitorStages.Reported).Sum().ShouldBe(1);
        tally.Bots.ShouldBe(1);
    }

    [Fact]
    public async Task A_conversion_counts_for_the_experiments_of_the_visitor()
    {
        await using var arms = await StartAsync();
        var client = arms.Site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.TrackConversion(3001);
        client.GetVariation("flag0");
        client.TrackConversion(3001);
        client.TrackConversion(3001);

        Tally(arms.Site).Window!.Read(VisitorStages.Converted).Sum().ShouldBe(1);
        Tally(arms.Site, "flag1").Window.ShouldBeNull();
    }

    [Fact]
    public async Task Forced_variations_are_not_counted()
    {
        await using var arms = await StartAsync();
        var client = arms.Site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.SetForcedVariation(7001, "b");
        client.GetVariation("flag0").Key.ShouldBe("b");

        Tally(arms.Site).Window!.Read(VisitorStages.Decided).Sum().ShouldBe(0);
    }

    [Fact]
    public async Task Another_weight_starts_the_counts_of_its_experiment_anew()
    {
        var source = new InMemoryDataFile(ArmsSite.DataFile());
        await using var arms = await StartAsync(kameleoon => kameleoon.UseDataFile(source));
        var factory = arms.Site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        factory.ForVisitor("anna").GetVariation("flag0");
        factory.ForVisitor("anna").GetVariation("flag1");
        var (first, second) = (Tally(arms.Site), Tally(arms.Site, "flag1"));

        source.Replace(WithOtherWeights(ArmsSite.DataFile()));
        await Eventually.IsTrueAsync(() => !ReferenceEquals(Tally(arms.Site), first));

        Tally(arms.Site).Window.ShouldBeNull();
        Tally(arms.Site).Version.Weights.ShouldBe([0.25, 0.75]);
        Tally(arms.Site, "flag1").ShouldBeSameAs(second);
    }

    [Fact]
    public async Task The_visitors_of_each_stage_are_measured()
    {
        await using var arms = await StartAsync();
        arms.Site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").GetVariation("flag0");

        arms.Site.Metrics.Observe("kameleoon.experiment.visitors");

        arms.Site.Metrics.Sum("kameleoon.experiment.visitors", "stage", "decided").ShouldBe(1);
        arms.Site.Metrics.Sum("kameleoon.experiment.visitors", "stage", "unreached").ShouldBe(0);
    }

    [Fact]
    public async Task The_health_check_names_the_call_that_is_missing()
    {
        await using var arms = await ArmsSite.StartAsync(services: services => services.AddHealthChecks().AddKameleoonTrust());

        var entry = await CheckAsync(arms.Site);

        entry.Status.ShouldBe(HealthStatus.Unhealthy);
        entry.Exception.ShouldNotBeNull().Message.ShouldContain("Call AddKameleoonTrust() on");
    }

    private static Task<ArmsSite> StartAsync(Action<IKameleoonBuilder>? kameleoon = null) => ArmsSite.StartAsync(
        kameleoon: builder => (kameleoon ?? (static _ => { }))(builder.AddKameleoonTrust()),
        services: services => services.AddHealthChecks().AddKameleoonTrust());

    // The last response may be counted after it was read.
    private static async Task VisitAsync(ArmsSite arms, string a, string b)
    {
        for (var visitor = 0; visitor < Visitors; visitor++)
        {
            await arms.VisitAsync($"visitor{visitor}", HttpMethod.Get, $"/step/0?a={a}&b={b}", followsRedirect: true);
        }

        var tally = Tally(arms.Site);
        await Eventually.IsTrueAsync(() => tally.Window?.Read(VisitorStages.Decided).Sum() == Decided(arms));
    }

    private static int Decided(ArmsSite arms) => arms.Decided.Select(static one => one.Visitor).Distinct(StringComparer.Ordinal).Count();

    private static ExperimentTally Tally(TestSite site, string flag = "flag0") =>
        site.App.Services.GetRequiredService<TrustMonitor>().Experiments.Single(tally => tally.Version.FlagKey == flag);

    private static async Task<HealthReportEntry> CheckAsync(TestSite site) =>
        (await site.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["kameleoon-trust"];

    private static string WithOtherWeights(string dataFile)
    {
        var first = dataFile.IndexOf("\"exposition\": 0.5", StringComparison.Ordinal);
        var changed = dataFile.Remove(first, 17).Insert(first, "\"exposition\": 0.25");
        var second = changed.IndexOf("\"exposition\": 0.5", StringComparison.Ordinal);
        return changed.Remove(second, 17).Insert(second, "\"exposition\": 0.75");
    }
}
