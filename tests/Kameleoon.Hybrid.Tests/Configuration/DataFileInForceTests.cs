using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Whatever the platform serves, pages are served too, and the log says once what is wrong.</summary>
public sealed class DataFileInForceTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    public static TheoryData<string, string> BadDataFiles => new()
    {
        { "", "empty" },
        { "<html>gateway timeout</html>", "not valid JSON" },
        { DataFiles.Shop[..(DataFiles.Shop.Length / 2)], "ends too early" },
        { "[]", "$" },
        { "null", "featureFlags" },
        { """{"error":"not found"}""", "$.featureFlags" },
        { DataFiles.Shop.Replace("\"exposition\": 1", "\"exposition\": \"all\"", StringComparison.Ordinal), "$.featureFlags[0].rules[0].exposition" },
        { DataFiles.Shop.Replace("\"rules\": [", "\"rules\": 5, \"x\": [", StringComparison.Ordinal), "$.featureFlags[0].rules" },
    };

    [Theory]
    [MemberData(nameof(BadDataFiles))]
    public async Task A_bad_first_data_file_turns_flags_off_and_is_logged_with_its_place(string json, string place)
    {
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json(json) };
        await using var site = await TestSite.StartAsync(platform: platform);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");

        site.Log.Texts(102).ShouldHaveSingleItem().ShouldContain(place);
    }

    [Theory]
    [MemberData(nameof(BadDataFiles))]
    public async Task A_bad_later_data_file_leaves_the_previous_one_in_force(string json, string place)
    {
        var platform = new StubPlatform();
        await using var site = await TestSite.StartAsync(o => o.RefreshInterval = Minute, platform: platform, clock: new ManualClock());

        platform.DataFile = _ => StubPlatform.Json(json);
        await PollAsync(site, polls: 3);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        var entry = site.Log.Texts(102).ShouldHaveSingleItem();
        entry.ShouldContain(place);
        entry.ShouldContain("the previous one stays in force");
    }

    [Fact]
    public async Task A_data_file_of_fifty_megabytes_is_refused_without_harm()
    {
        var platform = new StubPlatform
        {
            DataFile = _ => new HttpResponseMessage { Content = new ByteArrayContent(new byte[50 * 1024 * 1024]) },
        };
        await using var site = await TestSite.StartAsync(platform: platform);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");

        site.Log.Texts(102).ShouldHaveSingleItem().ShouldContain("33554432");
    }

    [Theory]
    [InlineData(HttpStatusCode.NotFound)]
    [InlineData(HttpStatusCode.Forbidden)]
    public async Task A_refusing_platform_turns_flags_off_and_is_logged_with_its_answer(HttpStatusCode status)
    {
        var platform = new StubPlatform { DataFile = _ => new HttpResponseMessage(status) };
        await using var site = await TestSite.StartAsync(platform: platform);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");

        site.Log.Texts(102).ShouldHaveSingleItem().ShouldContain(((int)status).ToString(System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task A_surprise_in_the_refresh_is_logged_and_stops_neither_the_polls_nor_the_application()
    {
        var platform = new StubPlatform { DataFile = _ => throw new InvalidOperationException("Nobody expects this.") };
        await using var site = await TestSite.StartAsync(o => o.RefreshInterval = Minute, platform: platform, clock: new ManualClock());
        site.Log.Texts(102).ShouldHaveSingleItem().ShouldContain("Nobody expects this.");

        platform.DataFile = _ => StubPlatform.Json(DataFiles.Shop);
        await PollAsync(site, polls: 1);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Fact]
    public async Task A_platform_that_stalls_in_the_middle_of_an_answer_is_given_up()
    {
        await using var site = await StartAsTimePassesAsync(Stalling());

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
        site.Platform.Requests.Count().ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task An_unreachable_platform_delays_the_start_no_longer_than_the_setting_allows()
    {
        var never = new StubPlatform { DataFile = _ => throw new HttpRequestException("No route to host.") };
        await using var site = await TestSite.StartAsync(o => o.StartTimeout = TimeSpan.Zero, platform: never);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("off");
    }

    [Fact]
    public async Task A_change_is_in_force_after_the_next_poll_also_for_a_client_that_is_held()
    {
        var platform = new StubPlatform();
        await using var site = await TestSite.StartAsync(o => o.RefreshInterval = Minute, platform: platform, clock: new ManualClock());
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        var held = factory.ForVisitor("someone");
        held.GetVariation("checkout", track: false).Key.ShouldBe("on");

        platform.DataFile = _ => StubPlatform.Json("""{"featureFlags":[],"configuration":{}}""");
        await PollAsync(site, polls: 2);

        held.GetVariation("checkout", track: false).Reason.ShouldBe(DecisionReason.UnknownFlag);
        factory.ForVisitor("someone").GetVariation("checkout", track: false).Reason
            .ShouldBe(DecisionReason.UnknownFlag);
    }

    [Fact]
    public async Task The_second_poll_is_conditional_and_says_who_asks()
    {
        var modified = new DateTimeOffset(2026, 1, 1, 10, 0, 0, TimeSpan.Zero);
        var platform = new StubPlatform
        {
            DataFile = request => request.Headers.Contains("If-Modified-Since")
                ? new HttpResponseMessage(HttpStatusCode.NotModified)
                : StubPlatform.Json(DataFiles.Shop, modified),
        };
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.RefreshInterval = Minute;
                options.Environment = "pre prod";
            },
            platform: platform,
            clock: new ManualClock());

        await PollAsync(site, polls: 1);

        var polls = platform.Requests.Where(request => request.IsDataFile).ToArray();
        polls[0].Url.AbsoluteUri.ShouldBe("https://sdk-config.kameleoon.eu/v3/abcde12345?environment=pre%20prod");
        polls[0].Headers["X-Kameleoon-SDK-Type"].ShouldBe("CSHARP");
        polls[0].Headers["X-Kameleoon-SDK-Version"].ShouldBe("4.22.0");
        polls[1].Headers["If-Modified-Since"].ShouldBe("Thu, 01 Jan 2026 10:00:00 GMT");
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Log.Texts(101).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_stamp_that_no_header_can_carry_is_not_sent_back()
    {
        var platform = new StubPlatform
        {
            DataFile = static _ =>
            {
                var answer = StubPlatform.Json(DataFiles.Shop);
                answer.Content.Headers.TryAddWithoutValidation("Last-Modified", "Mi, 4. M\u00e4rz 2026");
                return answer;
            },
        };
        await using var site = await TestSite.StartAsync(o => o.RefreshInterval = Minute, platform: platform, clock: new ManualClock());

        await PollAsync(site, polls: 1);

        platform.Requests.Last(static request => request.IsDataFile).Headers.ShouldNotContainKey("If-Modified-Since");
    }

    [Theory]
    [InlineData("""{"\ud800segmentId":1}""")]
    [InlineData("""{"segmentId":"\ud800"}""")]
    public async Task What_decisions_do_not_read_may_have_half_a_surrogate_pair(string unread)
    {
        var json = DataFiles.Shop.Replace(
            "\"featureKey\": \"checkout\"", $"\"featureKey\": \"checkout\", \"newer\": {unread}", StringComparison.Ordinal);
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(json));

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Fact]
    public async Task The_same_data_file_again_is_no_news()
    {
        await using var site = await TestSite.StartAsync(o => o.RefreshInterval = Minute, clock: new ManualClock());

        await PollAsync(site, polls: 3);

        site.Log.Texts(101).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Recovery_is_logged_and_the_new_data_file_applies()
    {
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json("{") };
        await using var site = await TestSite.StartAsync(o => o.RefreshInterval = Minute, platform: platform, clock: new ManualClock());

        platform.DataFile = _ => StubPlatform.Json(DataFiles.Shop);
        await PollAsync(site, polls: 2);

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Log.Texts(103).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_the_data_file_says_in_vain_is_logged()
    {
        var json = DataFiles.Shop.Replace("\"segmentId\": null", "\"segmentId\": 9", StringComparison.Ordinal)
            .Replace("\"featureFlags\"", """
                "segments": [{"id":9,"conditionsData":{"firstLevel":[{"conditions":[{"targetingType":"NEWER_THAN_US"}]}]}}],
                "featureFlags"
                """, StringComparison.Ordinal);
        var platform = new StubPlatform { DataFile = _ => StubPlatform.Json(json) };
        await using var site = await TestSite.StartAsync(platform: platform);

        // As in the official SDKs, a condition of a type nobody knows holds.
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");

        site.Log.Texts(104).ShouldContain(text => text.Contains("NEWER_THAN_US", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_flag_is_off_and_logged_once()
    {
        await using var site = await TestSite.StartAsync();

        (await site.ReadAsync("/decide/chekcout")).ShouldBe("off");
        (await site.ReadAsync("/decide/chekcout")).ShouldBe("off");

        site.Log.Texts(106).ShouldHaveSingleItem().ShouldContain("chekcout");
    }

    private static async Task<TestSite> StartAsTimePassesAsync(StubPlatform platform)
    {
        var clock = new ManualClock();
        var starting = TestSite.StartAsync(o => o.StartTimeout = Minute, platform: platform, clock: clock);

        await platform.NextAsync();
        await clock.MovePastDeadlineAsync(TimeSpan.FromSeconds(10));
        await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(10)); // The pause before the next attempt.
        await platform.NextAsync();
        while (!starting.IsCompleted)
        {
            await clock.AdvanceWhenAwaitedAsync(TimeSpan.FromSeconds(10));
            await Task.Delay(20);
        }

        return await starting;
    }

    private static StubPlatform Stalling() => new()
    {
        DataFile = _ => new HttpResponseMessage { Content = new StreamContent(new StalledStream()) },
    };

    private static async Task PollAsync(TestSite site, int polls)
    {
        for (var poll = 1; poll <= polls; poll++)
        {
            await site.RefreshAsync(Minute);
        }
    }
}
