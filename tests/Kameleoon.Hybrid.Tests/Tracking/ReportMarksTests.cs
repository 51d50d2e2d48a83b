using System.Net;
using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What was dropped was not reported: the next page reports it again, once.</summary>
public sealed class ReportMarksTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task An_exposure_for_which_there_was_no_room_is_reported_by_the_next_page()
    {
        await using var site = await StartAsync(options => options.Tracking.MaxQueuedEvents = 100);
        Decide(site, "anna");
        for (var i = 0; i < 100; i++)
        {
            Decide(site, $"v{i}");
        }

        Decide(site, "anna");
        Decide(site, "anna");
        Decide(site, "v99");
        await FlushAsync(site, isSafe: false);

        Exposed(site, "anna").ShouldBe(1);
        Exposed(site, "v99").ShouldBe(1);
        site.Platform.Events.Count.ShouldBe(100);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "overflow").ShouldBe(2);
    }

    [Fact]
    public async Task An_exposure_that_is_refused_because_conversions_need_the_room_may_come_again()
    {
        await using var site = await StartAsync(options => options.Tracking.MaxQueuedEvents = 100);
        for (var goal = 0; goal < 100; goal++)
        {
            Client(site, "buyer").TrackConversion(goal);
        }

        Decide(site, "anna");
        await FlushAsync(site, isSafe: false);
        Exposed(site, "anna").ShouldBe(0);
        Decide(site, "anna");
        await FlushAsync(site);

        Exposed(site, "anna").ShouldBe(1);
    }

    [Fact]
    public async Task An_exposure_that_waited_too_long_is_reported_by_the_next_page()
    {
        await using var site = await StartAsync(options => options.SessionDuration = TimeSpan.FromDays(1));
        site.Platform.AnswerTrackingWith(HttpStatusCode.ServiceUnavailable);
        Decide(site, "bert");
        (await Client(site, "bert").FlushAsync()).ShouldBeFalse();
        Decide(site, "anna");

        await site.MoveAsync(TimeSpan.FromHours(3));
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.events.dropped", "reason", "expired") == 2);
        Exposed(site, "anna").ShouldBe(0);
        Decide(site, "anna");
        Decide(site, "bert");
        await FlushAsync(site);

        Exposed(site, "anna").ShouldBe(1);
        Exposed(site, "bert").ShouldBe(2);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, 1)]
    [InlineData(HttpStatusCode.Forbidden, 0)]
    public async Task After_a_refusal_it_is_reported_again_unless_the_platform_wants_none_of_the_visitor(
        HttpStatusCode refusal, int reportedAgain)
    {
        const string code = "a&b=ü visitorCode=x";
        await using var site = await StartAsync();
        site.Platform.AnswerTrackingWith(refusal);
        Decide(site, code);
        (await Client(site, code).FlushAsync()).ShouldBeFalse();

        Decide(site, code);
        await FlushAsync(site);

        Exposed(site, code).ShouldBe(1 + reportedAgain);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(reportedAgain == 1 ? 1 : 2);
    }

    [Theory]
    [InlineData(HttpStatusCode.RequestEntityTooLarge, 1)]
    [InlineData(HttpStatusCode.Forbidden, 0)]
    public async Task A_conversion_with_an_id_may_come_again_after_a_refusal(HttpStatusCode refusal, int reportedAgain)
    {
        const string code = "a&b=ü visitorCode=x";
        await using var site = await StartAsync();
        site.Platform.AnswerTrackingWith(refusal);
        Client(site, code).TrackConversion(55, "order-1", 9.9m);
        (await Client(site, code).FlushAsync()).ShouldBeFalse();

        Client(site, code).TrackConversion(55, "order-1", 9.9m);
        Client(site, code).TrackConversion(55, "order-1", 9.9m);
        await FlushAsync(site);

        var sent = site.Platform.Events.Where(one => one["eventType"] == "conversion").ToList();
        sent.Count.ShouldBe(1 + reportedAgain);
        sent.Select(one => one["nonce"]).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_conversion_with_an_id_for_which_there_was_no_room_may_come_again()
    {
        await using var site = await StartAsync(options => options.Tracking.MaxQueuedEvents = 100);
        for (var order = 0; order <= 100; order++)
        {
            Client(site, "buyer").TrackConversion(55, $"order-{order}");
        }

        await FlushAsync(site, isSafe: false);
        Client(site, "buyer").TrackConversion(55, "order-0");
        await FlushAsync(site);

        site.Platform.Events.Count(sent => sent["eventType"] == "conversion").ShouldBe(101);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "overflow").ShouldBe(1);
    }

    [Fact]
    public async Task A_conversion_with_an_id_that_a_first_page_had_no_room_for_may_come_again()
    {
        await using var site = await TestSite.StartAsync(
            map: app => app.MapGet("/orders/{from:int}/{count:int}", static (int from, int count, IKameleoonClient client) =>
            {
                foreach (var order in Enumerable.Range(from, count))
                {
                    client.TrackConversion(55, $"order-{order}");
                }

                return client.GetVisitorCode();
            }),
            clock: _clock);

        // The code of a first page is the browser's once the response is complete; until then its events wait.
        var code = await site.ReadAsync("/orders/0/1001");
        await site.CompletedAsync();
        await site.ReadAsAsync(code, "/orders/1000/1");
        await site.ReadAsAsync(code, "/orders/1000/1");
        await FlushAsync(site);

        var sent = site.Platform.Events.Where(one => one["eventType"] == "conversion").ToList();
        sent.Count.ShouldBe(1001);
        sent.Select(one => one["nonce"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(1001);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "overflow").ShouldBe(1);
    }

    [Fact]
    public async Task Who_a_person_is_goes_again_with_the_next_deed_after_it_was_refused()
    {
        await using var site = await StartAsync(
            platform: DataFiles.Serving(DataFiles.Targeted("""{ "targetingType": "DEVICE_TYPE", "device": "DESKTOP", "include": true }""")));
        site.Platform.AnswerTrackingWith(HttpStatusCode.RequestEntityTooLarge);
        var client = Client(site, "anna");
        client.AddData(new CustomData("person", "user-77"));
        (await client.FlushAsync()).ShouldBeFalse();

        (await client.FlushAsync()).ShouldBeTrue();
        (await client.FlushAsync()).ShouldBeTrue();

        site.Platform.Events.Count(sent => sent.GetValueOrDefault("mappingIdentifier") == "true").ShouldBe(2);
    }

    [Fact]
    public async Task What_another_server_left_too_long_is_reported_again_by_the_server_that_has_the_visitor()
    {
        var outbox = new MemoryOutbox(_clock);
        await using var site = await StartAsync(options => options.SessionDuration = TimeSpan.FromDays(1), outbox: outbox);
        Decide(site, "anna");
        await DeliveredAsync(site, outbox);
        Exposed(site, "anna").ShouldBe(1);
        string[] bodies =
        [
            "eventType=experiment&id=7001&variationId=81001&nonce=0123456789ABCDEF&visitorCode=anna&userAgent=x",
            "garbage\n\n&visitorCode=anna&=&\neventType=experiment&id=x&visitorCode=anna",
        ];
        foreach (var body in bodies)
        {
            await outbox.StoreAsync(
                new TrackingBatch(
                    Guid.CreateVersion7(), "abcde12345", Encoding.ASCII.GetBytes(body), 1, _clock.GetUtcNow() - TimeSpan.FromHours(3)),
                TimeSpan.Zero,
                default);
        }

        // The pause between rounds may begin at any time. The mark is taken off before the batch is gone.
        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(TimeSpan.FromMinutes(1));
            return outbox.Count == 0;
        });
        Exposed(site, "anna").ShouldBe(1);
        Decide(site, "anna");
        await DeliveredAsync(site, outbox);
        Exposed(site, "anna").ShouldBe(2);
        Decide(site, "anna");
        await DeliveredAsync(site, outbox);

        Exposed(site, "anna").ShouldBe(2);
    }

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    private static void Decide(TestSite site, string visitor) => Client(site, visitor).GetVariation("checkout");

    private static async Task FlushAsync(TestSite site, bool isSafe = true) =>
        (await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync()).ShouldBe(isSafe);

    private static async Task DeliveredAsync(TestSite site, MemoryOutbox outbox)
    {
        await FlushAsync(site);
        await Eventually.IsTrueAsync(() => outbox.Count == 0);
    }

    private static int Exposed(TestSite site, string visitor) => site.Platform.Events.Count(
        sent => sent["eventType"] == "experiment" && sent["visitorCode"] == visitor);

    private Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null, StubPlatform? platform = null, ITrackingOutbox? outbox = null) =>
        TestSite.StartAsync(
            settings =>
            {
                settings.Resilience.Tracking.Retries = 0;
                settings.Resilience.Tracking.BreakRatio = 1;
                settings.Resilience.Tracking.AttemptTimeout = TimeSpan.FromMinutes(1);
                options?.Invoke(settings);
            },
            platform: platform,
            clock: _clock,
            services: services =>
            {
                if (outbox is not null)
                {
                    services.AddSingleton(outbox);
                }
            });
}
