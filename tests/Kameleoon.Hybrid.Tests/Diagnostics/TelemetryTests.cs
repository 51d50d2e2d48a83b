using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What is measured and traced is named as OpenTelemetry names it.</summary>
public sealed class TelemetryTests
{
    [Fact]
    public async Task A_refresh_is_an_activity_of_its_own_with_the_version_or_the_error()
    {
        var activities = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Kameleoon.Hybrid",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = activities.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(options => options.SiteCode = "traced", clock: clock);

        site.Platform.DataFile = _ => new HttpResponseMessage(HttpStatusCode.Forbidden);
        await site.RefreshAsync(TimeSpan.FromHours(1));
        await Eventually.IsTrueAsync(() => Traced().Count == 2);

        var (applied, failed) = (Traced()[0], Traced()[1]);
        applied.OperationName.ShouldBe("kameleoon.configuration.refresh");
        applied.Parent.ShouldBeNull();
        applied.GetTagItem("feature_flag.version").ShouldBe(site.Configuration.Version);
        failed.GetTagItem("error.type").ShouldBe("403");
        failed.Status.ShouldBe(ActivityStatusCode.Error);

        List<Activity> Traced() =>
            [.. activities.Where(activity => activity.GetTagItem("feature_flag.set.id") as string == "traced")];
    }

    [Fact]
    public async Task A_decision_is_counted_with_flag_variant_and_reason()
    {
        await using var site = await TestSite.StartAsync(options => options.Bots.Detect = true);
        site.Metrics.CollectDecisions();

        await site.ReadAsync("/decide/checkout");
        await site.ReadAsync("/decide/dark");
        await site.ReadAsync("/decide/nothing");
        await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.Googlebot));

        site.Metrics.Values("kameleoon.decisions", "feature_flag.key").ShouldBe(["checkout", "dark", "_OTHER"]);
        site.Metrics.Values("kameleoon.decisions", "feature_flag.result.variant").ShouldBe(["on", "off"]);
        site.Metrics.Values("kameleoon.decisions", "feature_flag.result.reason")
            .ShouldBe(["targeting_match", "disabled", "unknown_flag", "bot"]);
    }
}
