namespace Kameleoon.Hybrid.Tests;

/// <summary>Who reports an exposure: always exactly one, and only for a page that a person saw.</summary>
public sealed class ExposureOwnerTests
{
    [Fact]
    public async Task What_the_tag_carries_is_the_engine_s_and_the_server_sends_nothing()
    {
        await using var site = await TestSite.StartAsync();

        var html = await site.ReadAsync("/page/checkout");

        html.ShouldContain("['Experiments.assignVariation',7001,81001,true]");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_no_tag_carried_is_sent_by_the_server_once()
    {
        await using var site = await TestSite.StartAsync();
        using var response = await site.GetAsync("/decide/checkout", ("Cookie", "kameleoonVisitorCode=someone"), ("User-Agent", Agents.Firefox));

        var events = await site.StopAndReadEventsAsync();

        var sent = events.ShouldHaveSingleItem();
        sent["eventType"].ShouldBe("experiment");
        sent["id"].ShouldBe("7001");
        sent["variationId"].ShouldBe("81001");
        sent["visitorCode"].ShouldBe("someone");
        sent["userAgent"].ShouldBe(Agents.Firefox);
        sent["nonce"].ShouldMatch("^[0-9A-F]{16}$");
    }

    [Theory]
    [InlineData(ExposureOwner.Engine, true, 0)]
    [InlineData(ExposureOwner.Server, false, 1)]
    [InlineData(ExposureOwner.Both, true, 1)]
    public async Task The_option_names_the_owner(ExposureOwner owner, bool inPage, int sentByServer)
    {
        await using var site = await TestSite.StartAsync(options => options.ExposureBy = owner);

        var html = await site.ReadAsync("/page/checkout");

        html.Contains("7001", StringComparison.Ordinal).ShouldBe(inPage);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(sentByServer);
    }

    [Theory]
    [InlineData("/look/checkout")]
    [InlineData("/decide/dark")]
    [InlineData("/decide/nobody-knows-this")]
    public async Task Looking_only_and_variations_without_ids_are_no_exposures(string path)
    {
        await using var site = await TestSite.StartAsync();
        using var response = await site.GetAsync(path);

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_look_after_a_tracked_decision_does_not_cancel_the_exposure()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            client.GetVariation("checkout", track: false);
            client.GetVariation("checkout");
        }));
        using var response = await site.GetAsync("/");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_second_tag_carries_only_what_was_decided_since_the_first()
    {
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            var first = Pages.Tracking(context);
            var second = Pages.Tracking(context);
            client.GetVariation("delivery");
            return string.Join('|', first, second, Pages.Tracking(context));
        }));

        var parts = (await site.ReadAsync("/")).Split("</noscript>|");

        parts[0].ShouldContain("7001");
        parts[1].ShouldStartWith("|");
        parts[1].ShouldContain("7002");
        parts[1].ShouldNotMatch("[^0-9]7001[^0-9]"); // Other numbers of the page may contain it.
    }

    [Fact]
    public async Task Work_that_outlives_the_request_reports_by_itself_and_loses_nothing()
    {
        var over = new TaskCompletionSource();
        Task work = Task.CompletedTask;
        await using var site = await TestSite.StartAsync(map: app => app.Map("/", (IKameleoonClient client) =>
        {
            work = Task.Run(async () =>
            {
                await over.Task;
                client.GetVariation("checkout").Key.ShouldBe("on");
                client.TrackConversion(55, 1);
            });
        }));
        using var response = await site.GetAsync("/", ("Cookie", "kameleoonVisitorCode=someone"), ("User-Agent", Agents.Firefox));
        await site.CompletedAsync();

        over.SetResult();
        await work;

        var events = await site.StopAndReadEventsAsync();
        events.Select(sent => sent["eventType"]).ShouldBe(["experiment", "conversion"]);
        events[0]["userAgent"].ShouldBe(Agents.Firefox);
    }

    [Fact]
    public async Task Requests_of_one_visitor_at_the_same_time_carry_their_own_experiments_only()
    {
        await using var site = await TestSite.StartAsync();
        var keys = Enumerable.Range(0, 100).Select(i => i % 2 == 0 ? "checkout" : "style").ToArray();

        var pages = await Task.WhenAll(keys.Select(async key =>
            await (await site.GetAsync("/page/" + key, ("Cookie", "kameleoonVisitorCode=one"))).Content.ReadAsStringAsync()));

        foreach (var (key, page) in keys.Zip(pages))
        {
            page.ShouldContain(key is "checkout" ? "7001,81001" : "7003,81003");
            page.ShouldNotContain(key is "checkout" ? "7003" : "7001");
        }
    }

    [Fact]
    public async Task Without_consent_only_deliveries_are_reported_by_the_server()
    {
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json(DataFiles.Site("REQUIRED")) };
        await using var site = await TestSite.StartAsync(platform: platform);
        using var experiment = await site.GetAsync("/decide/checkout");
        using var delivery = await site.GetAsync("/decide/delivery");

        var sent = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();

        sent["id"].ShouldBe("7002");
        site.Log.Texts(304).ShouldHaveSingleItem().ShouldContain("consent");
    }

    [Fact]
    public async Task The_factory_s_client_reports_by_itself_since_there_is_no_page()
    {
        await using var site = await TestSite.StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("phone-1");

        client.GetVariation("checkout").Key.ShouldBe("on");
        client.GetVariation("checkout");
        client.TrackConversion(55, 3);

        var events = await site.StopAndReadEventsAsync();
        events.Select(sent => sent["eventType"]).ShouldBe(["experiment", "conversion"]);
        events.ShouldAllBe(sent => sent["visitorCode"] == "phone-1");
    }

    [Theory]
    [InlineData(ExposureOwner.Engine, null, 1)]
    [InlineData(ExposureOwner.Server, null, 3)]
    [InlineData(ExposureOwner.Server, true, 1)]
    [InlineData(ExposureOwner.Engine, false, 3)]
    public async Task What_the_server_reported_in_a_session_it_reports_again_only_where_it_is_told_to(
        ExposureOwner owner, bool? once, int expected)
    {
        await using var site = await TestSite.StartAsync(options =>
        {
            options.ExposureBy = owner;
            options.Tracking.ExposureDeduplication = once;
        });
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        var queue = site.App.Services.GetRequiredService<TrackingQueue>();

        for (var i = 1; i <= 3; i++)
        {
            await site.ReadAsAsync("someone", "/decide/checkout");
            await Eventually.IsTrueAsync(() =>
                queue.Queued + site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated") >= i);
            await factory.FlushAsync();
        }

        (await site.StopAndReadEventsAsync()).Count.ShouldBe(expected);
    }

    [Theory]
    [InlineData(ExposureOwner.Engine, 2)]
    [InlineData(ExposureOwner.Server, 3)]
    public async Task A_client_without_a_page_reports_once_a_session_or_once_an_interval(ExposureOwner owner, int expected)
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(options => options.ExposureBy = owner, clock: clock);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.GetVariation("checkout");
        client.GetVariation("checkout");
        await client.FlushAsync();
        client.GetVariation("checkout");
        await client.FlushAsync();
        await site.MoveAsync(TimeSpan.FromHours(1));
        client.GetVariation("checkout");
        await client.FlushAsync();

        (await site.StopAndReadEventsAsync()).Count(sent => sent["eventType"] == "experiment").ShouldBe(expected);
    }

    [Fact]
    public async Task Where_both_report_the_server_reports_JSON_with_tracking_code_once()
    {
        await using var site = await TestSite.StartAsync(
            options => options.ExposureBy = ExposureOwner.Both,
            map: app => app.MapGet("/", (IKameleoonClient client) =>
            {
                client.GetVariation("checkout");
                return Results.Json(client.GetEngineTrackingCode());
            }));

        (await site.ReadAsAsync("anna", "/")).ShouldContain("7001,81001");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        site.Metrics.Sum("kameleoon.exposures.reported").ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(256)]
    public async Task The_factory_refuses_a_code_that_the_platform_would(int length)
    {
        await using var site = await TestSite.StartAsync();
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();

        Should.Throw<ArgumentException>(() => factory.ForVisitor(new string('x', length)))
            .Message.ShouldContain("1 to 255");
    }
}
