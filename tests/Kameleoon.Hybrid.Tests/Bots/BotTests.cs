using System.Text.Json.Nodes;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A bot is shown what a visitor sees whom no experiment has, and leaves no trace.</summary>
public sealed class BotTests
{
    [Theory]
    [InlineData("/code")]
    [InlineData("/page/checkout")]
    [InlineData("/all")]
    [InlineData("/kameleoon/sync?visitorCode=from-a-script")]
    [Spec("H11")]
    public async Task A_bot_gets_no_cookie(string path)
    {
        await using var site = await TestSite.StartAsync(map: app =>
        {
            Pages.Map(app);
            app.MapKameleoonSync();
        });

        using var response = await site.GetAsync(
            path, ("User-Agent", Agents.Googlebot), ("Sec-Fetch-Site", "same-origin"));

        response.EnsureSuccessStatusCode();
        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/decide/checkout", "off")]
    [InlineData("/page/checkout", "")]
    [InlineData("/all", """["checkout","delivery","style"]""")]
    [Spec("H11")]
    public async Task A_bot_gets_default_variations_that_are_not_reported(string path, string expected)
    {
        await using var site = await TestSite.StartAsync();

        var body = await site.ReadAsync(
            path, ("User-Agent", Agents.Googlebot), ("Cookie", "kameleoonVisitorCode=somebody-s"));

        body.ShouldBe(expected);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Log.Texts(304).ShouldAllBe(text => text.Contains("bot"));
        site.App.Services.GetRequiredService<VisitorStore>().Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("checkout", DecisionReason.Bot)]
    [InlineData("dark", DecisionReason.Disabled)]
    [InlineData("nobody-knows-this", DecisionReason.UnknownFlag)]
    public async Task The_reason_says_so_unless_nobody_would_get_more(string key, DecisionReason reason)
    {
        await using var site = await StartAsync();

        var answer = JsonNode.Parse(await site.ReadAsync("/why/" + key, ("User-Agent", Agents.Googlebot)))!;

        answer["reason"]!.GetValue<string>().ShouldBe(reason.ToString());
        answer["explained"]!.GetValue<string>().ShouldBe(reason.ToString());
        answer["isActive"]!.GetValue<bool>().ShouldBeFalse();
    }

    [Fact]
    public async Task What_a_bot_does_counts_for_nobody_and_is_kept_of_nobody()
    {
        await using var site = await StartAsync();

        await site.ReadAsync("/do", ("User-Agent", Agents.Googlebot), ("Cookie", "kameleoonVisitorCode=somebody-s"));

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Log.Texts(304).ShouldNotBeEmpty();
        site.Log.Texts(304).ShouldAllBe(text => text.Contains("bot"));
        site.App.Services.GetRequiredService<VisitorStore>().Count.ShouldBe(0);
    }

    [Theory]
    [InlineData("/decide/checkout", 1)]
    [InlineData("/page/checkout", 1)]
    [InlineData("/look/checkout", 0)]
    [InlineData("/decide/no-such-flag", 0)]
    public async Task A_tracked_decision_of_a_bot_is_counted_as_dropped(string path, int dropped)
    {
        await using var site = await TestSite.StartAsync();

        await site.ReadAsync(path, ("User-Agent", Agents.Googlebot));
        await site.CompletedAsync();

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "bot").ShouldBe(dropped);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_bot_that_sends_a_person_s_cookie_changes_nothing_for_that_person()
    {
        await using var site = await TestSite.StartAsync();
        var person = ("Cookie", "kameleoonVisitorCode=somebody-s");

        await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.Firefox), person);
        (await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.Googlebot), person)).ShouldBe("off");

        (await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.Firefox), person)).ShouldBe("on");
    }

    [Fact]
    public async Task The_factory_s_client_is_never_a_bot_even_in_a_bot_s_request()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClientFactory clients) =>
        {
            var client = clients.ForVisitor("buyer");
            client.TrackConversion(55);
            return client.GetVariation("checkout").Key;
        }));

        (await site.ReadAsync("/", ("User-Agent", Agents.Googlebot))).ShouldBe("on");

        (await site.StopAndReadEventsAsync()).Select(sent => sent["eventType"]).ShouldBe(["experiment", "conversion"]);
    }

    [Fact]
    public async Task Work_that_outlives_a_bot_s_request_is_still_a_bot_s()
    {
        var over = new TaskCompletionSource();
        Task<string> work = Task.FromResult("");
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client) =>
        {
            work = Task.Run(async () =>
            {
                await over.Task;
                client.TrackConversion(55);
                return client.GetVariation("checkout").Key;
            });
        }));
        using var response = await site.GetAsync("/", ("User-Agent", Agents.Googlebot));
        await site.CompletedAsync();

        over.SetResult();

        (await work).ShouldBe("off");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(Agents.HeadlessChrome, "off")]
    [InlineData(Agents.HeadlessChrome, "on", "headlesschrome")]
    [InlineData("Monitor of ours; Firefox/1.0 beta", "off", null, "OURS; firefox")]
    [InlineData("OurApp/1.0", "off")]
    [InlineData("OurApp/1.0", "on", "ourapp/")]
    [InlineData("OurApp/1.0", "on", "ourapp/", "app/1")]
    public async Task The_site_names_who_else_is_a_bot_and_who_is_none(
        string agent, string expected, string? exclude = null, string? include = null)
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            _ = exclude is null ? false : Add(options.Bots.Exclude, exclude);
            _ = include is null ? false : Add(options.Bots.Include, include);
        });

        (await site.ReadAsync("/decide/checkout", ("User-Agent", agent))).ShouldBe(expected);
    }

    [Theory]
    [InlineData("Production", null, "off")]
    [InlineData("Development", null, "on")]
    [InlineData("Development", true, "off")]
    public async Task In_development_a_headless_browser_is_a_developer_s_own(string environment, bool? detect, string expected)
    {
        await using var site = await TestSite.StartAsync(
            options => options.Bots.Detect = detect, environment: environment);

        (await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.HeadlessChrome))).ShouldBe(expected);
    }

    [Fact]
    public async Task Switched_off_everybody_is_a_person()
    {
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.Bots.Detect = false;
                options.Bots.Include.Add("Googlebot");
            },
            services: services => services.AddSingleton<IBotDetector>(new Detector(_ => true)));

        (await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.Googlebot))).ShouldBe("on");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task The_application_s_detector_replaces_ours_and_is_asked_once_for_a_request()
    {
        var asked = 0;
        await using var site = await TestSite.StartAsync(services: services => services.AddSingleton<IBotDetector>(
            new Detector(request =>
            {
                Interlocked.Increment(ref asked);
                return request.Headers["X-Bot-Score"] == "1";
            })));

        (await site.ReadAsync("/all", ("X-Bot-Score", "1"))).ShouldContain("checkout");
        await site.CompletedAsync();

        asked.ShouldBe(1);
        (await site.ReadAsync("/decide/checkout", ("X-Bot-Score", "1"))).ShouldBe("off");
        (await site.ReadAsync("/decide/checkout", ("User-Agent", Agents.Googlebot))).ShouldBe("on");
    }

    [Fact]
    public async Task A_detector_that_fails_breaks_no_page_and_is_logged_once()
    {
        await using var site = await TestSite.StartAsync(services: services => services.AddSingleton<IBotDetector>(
            new Detector(_ => throw new InvalidOperationException("The detector's own trouble."))));

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");

        site.Log.Texts(213).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_page_without_decisions_asks_nobody()
    {
        await using var site = await TestSite.StartAsync(services: services => services.AddSingleton<IBotDetector>(
            new Detector(_ => throw new InvalidOperationException("Nobody should have asked."))));
        var today = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86400;

        await site.ReadAsync("/plain", ("Cookie", $"kameleoonVisitorCode=known; kameleoonVisitorCodeStamp={today}.known"));

        site.Log.Texts(213).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_image_of_a_browser_without_scripts_counts_for_no_bot()
    {
        await using var site = await TestSite.StartAsync();

        using var response = await site.GetAsync(
            "/kameleoon/seen?e=7001.81001", ("Cookie", "kameleoonVisitorCode=someone"), ("User-Agent", Agents.Googlebot));

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    private static Task<TestSite> StartAsync() => TestSite.StartAsync(map: app =>
    {
        app.Map("/why/{key}", (string key, IKameleoonClient client) => new
        {
            reason = client.GetVariation(key).Reason.ToString(),
            explained = client.Explain(key)!.Decision.Variation.Reason.ToString(),
            isActive = client.IsFeatureActive(key),
        });
        app.Map("/do", (IKameleoonClient client) =>
        {
            client.AddData(new CustomData(4, "gold"));
            client.SetLegalConsent(true);
            client.SetForcedVariation(7001, "on").ShouldBe(ForcedVariationResult.Forced);
            client.GetVariation("checkout").Key.ShouldBe("off");
            client.EvaluateAudiences();
            client.TrackConversion(55, 10.50m);
        });
    });

    private static bool Add(IList<string> parts, string part)
    {
        parts.Add(part);
        return true;
    }

    private sealed class Detector(Func<HttpRequest, bool> isBot) : IBotDetector
    {
        public bool IsBot(HttpRequest request) => isBot(request);
    }
}
