using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>What is wrong between browser and server stands on the live page, once.</summary>
public sealed class IdentityTests
{
    [Fact]
    public async Task Two_codes_in_one_tab_are_one_browser()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.PostAsync("visit/events?engine=true&visitorCode=anna&tabId=1A2B3C4D", Page());
        await site.PostAsync("visit/events?engine=true&visitorCode=ben&tabId=1A2B3C4D", Page());
        await site.PostAsync("visit/events?engine=true&visitorCode=cleo&tabId=FFFFFFFF", Page());

        (await WarningsAsync(site)).ShouldBe(["twoCodes ben"]);
    }

    [Fact]
    public async Task A_cookie_that_says_another_code_than_the_engine_is_told()
    {
        await using var site = await SandboxSite.StartAsync();
        site.Http.DefaultRequestHeaders.Add("Cookie", "kameleoonVisitorCode=anna");

        await site.FromEngineAsync("anna", Page());
        await site.FromEngineAsync("ben", Page(), Page());

        (await WarningsAsync(site)).ShouldBe(["cookieDiffers ben"]);
    }

    [Fact]
    public async Task A_browser_that_comes_back_with_a_code_of_its_own_lost_its_cookie()
    {
        await using var site = await SandboxSite.StartAsync();
        site.Http.DefaultRequestHeaders.Add("User-Agent", "Firefox/140");
        await site.FromServerAsync(Exposure().Of("anna") + "&userAgent=Firefox%2F140");
        await site.FromEngineAsync("minted", Page());
        await site.FromEngineAsync("anna", Page());

        (await WarningsAsync(site)).ShouldBe(["cookieLost minted"]);
    }

    [Fact]
    public async Task Two_variations_of_one_experiment_and_two_reports_of_one_exposure_are_told()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(Exposure(variation: 700).Of("anna"), Exposure(variation: 701).Of("ben"));
        await site.FromEngineAsync("anna", Exposure(variation: 701));
        await site.FromEngineAsync("ben", Exposure(variation: 701));

        (await WarningsAsync(site)).ShouldBe(["reportedTwice ben", "variationsDiffer anna"]);
    }

    [Theory]
    [InlineData("engine=true", "sdkName=javascript", "Engine and browser SDK")]
    [InlineData("sdkName=react", "engine=true", "Engine and browser SDK")]
    [InlineData("sdkName=CSHARP", "sdkName=REACT", "Server and browser SDK")]
    public async Task An_SDK_in_the_page_that_reports_what_the_page_or_its_server_reports_is_told_with_the_remedy(
        string first, string second, string who)
    {
        await using var site = await SandboxSite.StartAsync();
        await site.PostAsync($"visit/events?{first}&visitorCode=anna", Exposure());
        await site.PostAsync($"visit/events?{second}&visitorCode=anna", Exposure());
        await site.PostAsync($"visit/events?{second}&visitorCode=anna", Exposure());

        (await WarningsAsync(site)).ShouldBe(["browserSdkReports anna"]);
        var text = (await site.JsonAsync("live/state")).GetProperty("warnings")[0].GetProperty("text").GetString()!;
        text.ShouldStartWith(who + " both reported that anna saw ");
        text.ShouldContain("track: false");
    }

    [Fact]
    public async Task Two_servers_and_two_pages_of_one_SDK_are_no_double_report()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.PostAsync("visit/events?sdkName=CSHARP&visitorCode=anna", Exposure());
        await site.PostAsync("visit/events?sdkName=NODEJS&visitorCode=anna", Exposure());
        await site.PostAsync("visit/events?sdkName=JAVASCRIPT&visitorCode=ben", Exposure());
        await site.PostAsync("visit/events?sdkName=react&visitorCode=ben", Exposure());

        (await WarningsAsync(site)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_story_of_a_visitor_has_each_sender_in_order()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(Exposure().Of("anna"));
        using var engine = await site.Http.SendAsync(
            new(HttpMethod.Get, "engine.js") { Headers = { { "Cookie", "kameleoonVisitorCode=anna" } } });
        await site.FromEngineAsync("anna", Page());

        var story = await site.JsonAsync("live/visitor?code=anna");

        story.GetProperty("moments").EnumerateArray()
            .Select(moment => $"{moment.GetProperty("sender").GetString()} {moment.GetProperty("kind").GetString()}")
            .ShouldBe(["sandbox visit", "server event", "browser cookie", "engine event"]);
        story.GetProperty("decisions")[0].GetProperty("flag").GetString().ShouldBe("checkout");
    }

    [Fact]
    public async Task A_cookie_that_the_engine_writes_again_before_it_reports_is_told()
    {
        await using var site = await SandboxSite.StartAsync();
        site.Http.DefaultRequestHeaders.Add("User-Agent", "Firefox/140");
        await LoadAsync(site, "kameleoonVisitorCode=server");
        await FromEngineAsync(site, "stored");
        await LoadAsync(site, "kameleoonVisitorCode=stored");
        await FromEngineAsync(site, "stored");

        (await WarningsAsync(site)).ShouldBe(["cookieDiffers stored"]);
    }

    [Fact]
    public async Task Several_visitors_with_one_kind_of_browser_are_no_doubt()
    {
        await using var site = await SandboxSite.StartAsync();
        site.Http.DefaultRequestHeaders.Add("User-Agent", "Firefox/140");
        await LoadAsync(site, "kameleoonVisitorCode=anna");
        await LoadAsync(site, cookie: null);
        await LoadAsync(site, "kameleoonVisitorCode=ben");
        await FromEngineAsync(site, "ben");
        await FromEngineAsync(site, "minted");
        await FromEngineAsync(site, "anna");
        await FromEngineAsync(site, "ben");

        (await WarningsAsync(site)).ShouldBeEmpty();
    }

    private static async Task LoadAsync(SandboxSite site, string? cookie)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "engine.js");
        if (cookie is not null)
        {
            request.Headers.Add("Cookie", cookie);
        }

        using var response = await site.Http.SendAsync(request);
    }

    private static async Task FromEngineAsync(SandboxSite site, string visitor)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"visit/events?engine=true&visitorCode={visitor}")
        {
            Headers = { { "Cookie", $"kameleoonVisitorCode={visitor}" } },
            Content = new StringContent(Page()),
        };
        using var response = await site.Http.SendAsync(request);
    }

    [Fact]
    public async Task The_story_has_the_steps_of_the_engine_where_the_option_asks_for_them()
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:EngineSteps", "true"));
        await using var plain = await SandboxSite.StartAsync();

        var engine = await site.TextAsync("engine.js");
        using var told = await site.PostAsync("engine-steps?visitorCode=anna", "load", """abort {"reason":"PARAMETER"}""");
        using var other = await site.PostAsync("engine-steps?visitorCode=ben", "load");
        var story = await site.JsonAsync("live/visitor?code=anna");

        engine.ShouldContain($"\"{site.Http.BaseAddress}engine-steps\"");
        (await plain.TextAsync("engine.js")).ShouldNotContain("engine-steps");
        told.StatusCode.ShouldBe(System.Net.HttpStatusCode.NoContent);
        story.GetProperty("moments").EnumerateArray()
            .Select(moment => $"{moment.GetProperty("sender").GetString()} {moment.GetProperty("text").GetString()}")
            .ShouldBe(["engine The engine says: load", """engine The engine says: abort {"reason":"PARAMETER"}"""]);
    }

    private static async Task<IEnumerable<string>> WarningsAsync(SandboxSite site) =>
        (await site.StateAsync()).GetProperty("warnings").EnumerateArray()
            .Select(warning => $"{warning.GetProperty("problem").GetString()} {warning.GetProperty("visitorCode").GetString()}");
}
