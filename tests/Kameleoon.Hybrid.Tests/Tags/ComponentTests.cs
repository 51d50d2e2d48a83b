using Kameleoon.Hybrid.Tests.Tags.Components;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The same tags as Razor components, rendered on the server.</summary>
public sealed class ComponentTests
{
    [Fact]
    public async Task The_components_render_what_the_tags_do()
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/page");

        page.Kinds().ShouldBe(["tracking", "image", "queue", "engine"]);
        page.Scripts.ShouldAllBe(script => script.GetAttribute("nonce") == "n1");
        page.QuerySelectorAll("p").Select(shown => shown.Id).ShouldBe(["on", "not-off"]);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_decided_after_an_await_is_the_engine_s_if_the_page_is_not_sent_yet()
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/page?slow=true");

        page.GetElementById("loaded").ShouldNotBeNull();
        page.GetElementById("tracking")!.InnerHtml.ShouldContain("7001");
        page.GetElementById("tracking")!.InnerHtml.ShouldContain("7003");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_component_that_is_rendered_again_keeps_what_it_handed_over_before()
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/page?slow=true&again=true");

        var tracking = page.GetElementById("tracking")!.QuerySelector("script")!.TextContent;
        tracking.ShouldContain("7001");
        tracking.ShouldContain("7003");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Components_that_the_page_replaces_leave_the_exposures_and_the_engine_to_the_new_ones(string environment)
    {
        await using var site = await StartAsync(environment: environment);

        using var page = await site.OpenAsync("/replaced-layout");

        page.QuerySelectorAll("div").ShouldBeEmpty();
        page.QuerySelector("main")!.InnerHtml.ShouldContain("'Experiments.trigger',7001");
        page.QuerySelectorAll("#kameleoonEngine").ShouldHaveSingleItem();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    [Spec("S7", "H13")]
    public async Task A_streamed_page_has_its_cookie_and_an_update_hands_nothing_over_because_its_scripts_would_not_run()
    {
        var loading = new TaskCompletionSource();
        await using var site = await StartAsync(loading.Task);
        using var response = await site.Http.GetAsync(new Uri("/streamed", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead);

        loading.SetResult();
        var html = await response.Content.ReadAsStringAsync();

        VisitorCodeTests.SetCookies(response)
            .ShouldContain(cookie => cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal));
        html.ShouldContain("7001");
        html.ShouldContain("loaded");
        html.ShouldNotContain("7003");
        html.ShouldNotContain("processConversion");
        site.Log.Texts(411).ShouldHaveSingleItem().ShouldContain("the page was sent before");
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["id"].ShouldBe("7003");
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task In_an_interactive_component_nothing_is_decided_and_development_is_told(string environment)
    {
        await using var site = await StartAsync(environment: environment);

        using var response = await site.GetAsync("/interactive", ("Cookie", "kameleoonVisitorCode=someone"));
        var html = await response.Content.ReadAsStringAsync();

        if (environment == "Development")
        {
            ((int)response.StatusCode).ShouldBe(500);
        }
        else
        {
            html.ShouldContain("else");
            html.ShouldNotContain("shown");
            site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain("stands in an interactive component");
        }
    }

    [Fact]
    public async Task A_flag_chooses_among_its_variations_once_however_often_the_page_is_rendered()
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/flags");

        page.QuerySelectorAll("p").Select(shown => shown.Id).ShouldBe(["on", "not-dark"]);
        page.GetElementById("on")!.TextContent.ShouldBe("on 2");
        site.Log.Texts(401).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_engine_is_told_what_stands_inside_the_tracking_component_once_and_safely()
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/flags");

        var code = page.Scripts.ShouldHaveSingleItem().TextContent;
        code.ShouldContain("7001");
        code.Split("""["Goals.processConversion",55,1234.5]""").Length.ShouldBe(2);
        code.Split("""["Data.setCustomData",3,["\u003C/script\u003E","b"],true]""").Length.ShouldBe(2);
        code.Split("""["Data.setCustomData",4,["late"]]""").Length.ShouldBe(2);
    }

    [Fact]
    public async Task The_engine_is_told_what_the_page_knows_once_it_has_loaded_its_data()
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/order");

        var code = page.Scripts.ShouldHaveSingleItem().TextContent;
        code.ShouldContain("""["Goals.processConversion",55,99.9]""");
        code.ShouldContain("kameleoonConversion:55:order-1");
        code.Split("Goals.processConversion").Length.ShouldBe(2);
        code.ShouldContain("""["Data.setCustomData",3,["gold"]]""");
        code.Split("Data.setCustomData").Length.ShouldBe(2);
    }

    [Theory]
    [InlineData("Development", "", 1)]
    [InlineData("Production", "", 0)]
    [InlineData("Production", "user=anybody", 0)]
    [InlineData("Production", "user=tester", 1)]
    public async Task The_inspector_is_for_development_and_for_those_whom_its_policy_allows(string environment, string cookie, int panels)
    {
        await using var site = await StartAsync(environment: environment);

        using var page = await site.OpenAsync("/flags", ("Cookie", cookie));

        page.QuerySelectorAll("#kameleoonInspector").Length.ShouldBe(panels);
    }

    [Theory]
    [InlineData("orphan", "does not name its flag")]
    [InlineData("else", "is not inside a <KameleoonFlag>")]
    [InlineData("after-else", "comes after the <KameleoonElse>")]
    [InlineData("conversion", "<KameleoonConversion> is not inside <KameleoonTracking>")]
    public async Task In_production_a_component_that_is_used_wrongly_shows_nothing_and_is_logged(string how, string sentence)
    {
        await using var site = await StartAsync();

        using var page = await site.OpenAsync("/wrong/" + how);

        page.Body!.TextContent.ShouldNotContain("shown");
        site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain(sentence);
    }

    private static Task<TestSite> StartAsync(Task? loading = null, string environment = "Production") => TagSite.StartAsync(
        map: app =>
        {
            app.MapGet("/page", (bool slow = false, bool again = false) =>
                new RazorComponentResult<TrackedPage>(new { IsSlow = slow, TracksAgain = again }));
            app.MapGet("/streamed", () => new RazorComponentResult<StreamedPage>(new { Loading = loading ?? Task.CompletedTask }));
            app.MapGet("/order", () => new RazorComponentResult<OrderPage>());
            app.MapGet("/replaced-layout", () => new RazorComponentResult<ReplacedLayout>());
            app.MapGet("/flags", () => new RazorComponentResult<FlagPage>());
            app.MapGet("/wrong/{how}", (string how) => new RazorComponentResult<WrongPage>(new { How = how }));
            app.MapGet("/interactive", () => new RazorComponentResult<InteractivePage>());
        },
        services: TesterAuthentication.Add,
        environment: environment);
}
