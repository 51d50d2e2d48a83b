using Microsoft.AspNetCore.DataProtection;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A signed override shows a variation in one browser and is never counted.</summary>
public sealed class OverrideTests
{
    private const string Dark = """{"siteCode":"abcde12345","variations":{"dark":"on"}}""";

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    [Fact]
    public async Task It_shows_the_variation_in_production_and_is_neither_saved_nor_reported_nor_trusted()
    {
        await using var site = await OverriddenSite.StartAsync(kameleoon: static kameleoon => kameleoon.AddKameleoonTrust());
        var cookie = await site.OverrideAsync("""{"checkout":"off","dark":"on"}""");

        (await site.ReadAsync("/decide/checkout", As(cookie))).ShouldBe("off");
        (await site.ReadAsync("/decide/dark", As(cookie))).ShouldBe("on");
        (await site.ReadAsync("/reason/dark", As(cookie))).ShouldBe("Simulated");

        site.App.Services.GetRequiredService<VisitorStore>().Count.ShouldBe(0);
        site.App.Services.GetRequiredService<TrustMonitor>().Experiments.ShouldAllBe(static tally => tally.Window == null);
        (await site.ReadAsAsync("anna", "/look/checkout")).ShouldBe("on");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Flags_that_it_does_not_name_are_decided_and_reported()
    {
        await using var site = await OverriddenSite.StartAsync();
        var cookie = await site.OverrideAsync("""{"dark":"on"}""");

        (await site.ReadAsync("/decide/checkout", As(cookie))).ShouldBe("on");

        (await site.StopAndReadEventsAsync()).ShouldContain(static sent => sent["eventType"] == "experiment");
    }

    [Fact]
    public async Task No_cache_may_keep_the_page()
    {
        await using var site = await OverriddenSite.StartAsync();
        var cookie = await site.OverrideAsync("""{"dark":"on"}""");

        using var response = await site.GetAsync("/decide/dark", As(cookie));

        (response.Headers.CacheControl!.NoStore, response.Headers.CacheControl.Private).ShouldBe((true, true));
    }

    [Fact]
    public async Task It_comes_before_the_simulation_cookie()
    {
        await using var site = await OverriddenSite.StartAsync("Development");
        var cookie = await site.OverrideAsync("""{"checkout":"off"}""");
        var simulated = Uri.EscapeDataString("""{"checkout":{"expId":7001,"varId":81001}}""");

        (await site.ReadAsync("/decide/checkout", As($"{cookie}; kameleoonSimulationFFData={simulated}"))).ShouldBe("off");
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("tampered")]
    [InlineData("other keys")]
    [InlineData("other purpose")]
    [InlineData("not json")]
    [InlineData("null")]
    [InlineData("garbage")]
    [InlineData("empty")]
    [InlineData("long")]
    public async Task One_that_is_not_valid_is_ignored_logged_once_and_removed_by_the_next_page(string how)
    {
        await using var site = await OverriddenSite.StartAsync();
        var cookie = how switch
        {
            "expired" => site.Sign(Dark, -Hour),
            "tampered" => Flip(site.Sign(Dark, Hour)),
            "other keys" => OverriddenSite.Sign(new EphemeralDataProtectionProvider(), Dark, Hour),
            "other purpose" => site.Sign(Dark, Hour, "another"),
            "not json" => site.Sign("{", Hour),
            "null" => site.Sign("null", Hour),
            "long" => $"{OverrideCookie.Name}={new string('x', 5000)}",
            "empty" => $"{OverrideCookie.Name}=",
            _ => $"{OverrideCookie.Name}=!!",
        };

        using var script = await site.GetAsync("/decide/dark", As(cookie), ("Sec-Fetch-Mode", "cors"), ("Sec-Fetch-Dest", "empty"));
        using var page = await site.GetAsync("/decide/dark", As(cookie), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"));

        (await page.Content.ReadAsStringAsync()).ShouldBe("off");
        OverriddenSite.CookieOf(script).ShouldBeNull();
        OverriddenSite.CookieOf(page).ShouldBe($"{OverrideCookie.Name}=");
        site.Log.Texts(230).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task That_of_another_project_is_ignored_and_stays()
    {
        await using var site = await OverriddenSite.StartAsync();
        var cookie = site.Sign("""{"siteCode":"other","variations":{"dark":"on"}}""", Hour);

        using var page = await site.GetAsync("/decide/dark", As(cookie));

        (await page.Content.ReadAsStringAsync()).ShouldBe("off");
        OverriddenSite.CookieOf(page).ShouldBeNull();
        site.Log.Texts(230).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flag_that_is_archived_since_leaves_the_others_overridden()
    {
        await using var site = await OverriddenSite.StartAsync();
        var cookie = site.Sign("""{"siteCode":"abcde12345","variations":{"gone":"on","dark":"on"}}""", Hour);

        (await site.ReadAsync("/decide/dark", As(cookie))).ShouldBe("on");

        site.Log.Texts(204).ShouldHaveSingleItem().ShouldContain("gone");
    }

    [Fact]
    public async Task Without_the_endpoint_the_cookie_means_nothing()
    {
        await using var site = await TestSite.StartAsync(services: TesterAuthentication.Add);

        using var page = await site.GetAsync("/decide/dark", As(site.Sign(Dark, Hour)));

        (await page.Content.ReadAsStringAsync()).ShouldBe("off");
        OverriddenSite.CookieOf(page).ShouldBeNull();
        site.Log.Texts(230).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_request_without_the_cookie_looks_for_it_without_memory()
    {
        await using var site = await OverriddenSite.StartAsync();
        var visitors = Enumerable.Range(0, 200).Select(_ => Visitor(site.App)).ToArray();
        var dataFile = visitors[0].Client.GetDataFile()!;
        visitors[0].FindSimulation(dataFile).ShouldBeNull();

        var before = GC.GetAllocatedBytesForCurrentThread();
        foreach (var visitor in visitors)
        {
            _ = visitor.FindSimulation(dataFile);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static RequestVisitor Visitor(WebApplication app)
    {
        var context = new DefaultHttpContext { RequestServices = app.Services };
        context.Request.Headers.Cookie = "a=1; kameleoonVisitorCode=someone; kameleoonOverridesOther=x";
        return app.Services.GetRequiredService<RequestVisitorFactory>()
            .Create(context, new ResolvedVisitorCode("someone", VisitorCodeSource.Cookie, InCookie: true));
    }

    private static (string, string) As(string cookie) => ("Cookie", $"kameleoonVisitorCode=anna; {cookie}");

    private static string Flip(string cookie) => cookie[..^20] + (cookie[^20] == 'A' ? 'B' : 'A') + cookie[^19..];
}
