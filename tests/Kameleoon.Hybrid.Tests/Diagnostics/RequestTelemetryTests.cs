using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Diagnostics.Metrics.Testing;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The variations of named flags are on the metrics, the activity and the log lines of their request.</summary>
public sealed partial class RequestTelemetryTests
{
    [Fact]
    public async Task The_duration_of_a_request_has_the_variation_of_each_named_flag_once()
    {
        await using var site = await TestSite.StartAsync(
            options => Name(options, "checkout", "dark"),
            map: app => app.MapGet("/several", (IKameleoonClient client) =>
            {
                client.GetVariation("checkout");
                client.GetVariations();
                client.IsFeatureActive("dark");
                return client.GetVariation("checkout").Key;
            }));
        using var durations = Durations(site);

        await site.ReadAsync("/several");

        await durations.WaitForMeasurementsAsync(1, HangGuard.Timeout);
        var tags = durations.GetMeasurementSnapshot()[0].Tags;
        tags["kameleoon.flag.checkout"].ShouldBe("on");
        tags["kameleoon.flag.dark"].ShouldBe("off");
        tags.Keys.Count(static tag => tag.StartsWith("kameleoon.", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Theory]
    [InlineData("/decide/dark")]
    [InlineData("/decide/nothing")]
    [InlineData("/decide/CHECKOUT")]
    public async Task A_flag_that_is_not_named_leaves_the_metric_as_it_was(string path)
    {
        await using var site = await TestSite.StartAsync(options => Name(options, "checkout"));
        using var durations = Durations(site);

        await site.ReadAsync(path);

        await durations.WaitForMeasurementsAsync(1, HangGuard.Timeout);
        durations.GetMeasurementSnapshot()[0].Tags.Keys.ShouldNotContain(static tag => tag.StartsWith("kameleoon"));
    }

    [Fact]
    public async Task The_activity_of_a_request_has_the_variation_and_one_event_by_the_conventions()
    {
        var ended = new TaskCompletionSource<Activity>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var listener = Listen(activity =>
        {
            if (activity.GetTagItem("kameleoon.flag.checkout") is not null)
            {
                ended.TrySetResult(activity);
            }
        });
        await using var site = await TestSite.StartAsync(
            options => Name(options, "checkout"),
            map: app => app.MapGet("/twice", (IKameleoonClient client) =>
            {
                using var own = new Activity("own").Start();
                client.GetVariation("checkout");
                client.GetVariation("dark");
                return client.GetVariation("checkout").Key;
            }));

        await site.ReadAsync("/twice");

        var activity = await ended.Task.WaitAsync(HangGuard.Timeout);
        activity.GetTagItem("kameleoon.flag.checkout").ShouldBe("on");
        var evaluated = activity.Events.ShouldHaveSingleItem();
        evaluated.Name.ShouldBe("feature_flag.evaluation");
        evaluated.Tags.OrderBy(static tag => tag.Key, StringComparer.Ordinal).ShouldBe(
        [
            new("feature_flag.key", "checkout"),
            new("feature_flag.provider.name", "Kameleoon"),
            new("feature_flag.result.reason", "targeting_match"),
            new("feature_flag.result.variant", "on"),
            new("feature_flag.set.id", "abcde12345"),
        ]);
    }

    [Fact]
    public async Task A_decision_outside_of_requests_adds_its_event_to_the_current_activity()
    {
        await using var site = await TestSite.StartAsync(options => Name(options, "checkout"));
        using var job = new Activity("job") { IsAllDataRequested = true }.Start();

        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna").GetVariation("checkout");

        job.Events.ShouldHaveSingleItem().Tags.ShouldContain(new KeyValuePair<string, object?>("feature_flag.result.variant", "on"));
    }

    [Fact]
    public async Task A_log_line_has_the_variations_of_its_request()
    {
        await using var site = await TestSite.StartAsync(
            options =>
            {
                Name(options, "checkout");
                options.Telemetry.LogScope = true;
            },
            map: app => app.MapGet("/logged", (IKameleoonClient client, ILoggerFactory loggers) =>
            {
                client.GetVariation("checkout");
                Say(loggers.CreateLogger("Kameleoon.Sample"), "after");
                return "";
            }));

        await site.ReadAsync("/logged");

        VariationAt(site, "after").ShouldBe("on");
    }

    [Fact]
    public async Task Log_lines_have_no_such_scope_unless_it_is_switched_on()
    {
        await using var site = await TestSite.StartAsync(
            options => Name(options, "checkout"),
            map: app => app.MapGet("/logged", (IKameleoonClient client, ILoggerFactory loggers) =>
            {
                client.GetVariation("checkout");
                Say(loggers.CreateLogger("Kameleoon.Sample"), "after");
                return "";
            }));

        await site.ReadAsync("/logged");

        VariationAt(site, "after").ShouldBeNull();
    }

    [Theory]
    [InlineData(9, false, "Kameleoon:Telemetry:Flags has 9 flags")]
    [InlineData(0, true, "Kameleoon:Telemetry:Flags names no flag")]
    public async Task Settings_that_cannot_be_meant_stop_the_start(int flags, bool scope, string sentence) =>
        (await Should.ThrowAsync<Microsoft.Extensions.Options.OptionsValidationException>(() => TestSite.StartAsync(options =>
        {
            Name(options, [.. Enumerable.Range(0, flags).Select(static number => $"flag{number}")]);
            options.Telemetry.LogScope = scope;
        }))).Message.ShouldContain(sentence);

    private static void Name(KameleoonOptions options, params ReadOnlySpan<string> flags)
    {
        foreach (var flag in flags)
        {
            options.Telemetry.Flags.Add(flag);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "{Text}")]
    private static partial void Say(ILogger logger, string text);

    private static string? VariationAt(TestSite site, string message) => site.Log.GetSnapshot()
        .Single(record => record.Message == message).Scopes
        .OfType<IEnumerable<KeyValuePair<string, object?>>>()
        .SelectMany(static scope => scope)
        .Where(static value => value.Key == "kameleoon.flag.checkout")
        .Select(static value => value.Value as string)
        .SingleOrDefault();

    private static MetricCollector<double> Durations(TestSite site) => new(
        site.App.Services.GetRequiredService<IMeterFactory>(), "Microsoft.AspNetCore.Hosting", "http.server.request.duration");

    private static ActivityListener Listen(Action<Activity> stopped)
    {
        var listener = new ActivityListener
        {
            ShouldListenTo = static source => source.Name is "Microsoft.AspNetCore",
            Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStopped = stopped,
        };
        ActivitySource.AddActivityListener(listener);
        return listener;
    }
}
