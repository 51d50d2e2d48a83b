using System.Globalization;
using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using Microsoft.AspNetCore.Authorization;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The inspector tells people who may see it everything about the page, and nobody else anything.</summary>
public sealed class InspectorTests
{
    [Theory]
    [InlineData("Production")]
    [InlineData("Staging")]
    public async Task Outside_of_development_there_is_none(string environment)
    {
        await using var site = await TagSite.StartAsync(environment: environment);

        var html = await site.ReadAsAsync("anna", "/inspected");

        html.ShouldNotContain("kameleoonInspector");
        html.ShouldNotContain("anna");
    }

    [Theory]
    [InlineData("Production", "tester", true)]
    [InlineData("Production", "anybody", false)]
    [InlineData("Production", "", false)]
    [InlineData("Development", "", true)]
    public async Task With_a_policy_those_see_it_whom_the_policy_allows(string environment, string user, bool isShown)
    {
        await using var site = await TagSite.StartAsync(services: TesterAuthentication.Add, environment: environment);

        var html = await site.ReadAsync(
            $"/inspected?policy={TesterAuthentication.Policy}", ("Cookie", $"kameleoonVisitorCode=anna; {(user.Length > 0 ? "user=" + user : "")}"));

        html.Contains("kameleoonInspector", StringComparison.Ordinal).ShouldBe(isShown);
        html.Contains("anna", StringComparison.Ordinal).ShouldBe(isShown);
    }

    [Theory]
    [InlineData(true, "The policy 'Unknown' of the inspector cannot be evaluated")]
    [InlineData(false, "builder.Services.AddAuthorization(…)")]
    public async Task A_policy_that_cannot_be_evaluated_hides_it_and_is_logged(bool hasAuthorization, string sentence)
    {
        await using var site = await TagSite.StartAsync(services: services =>
        {
            if (hasAuthorization)
            {
                TesterAuthentication.Add(services);
            }
            else
            {
                services.RemoveAll<IAuthorizationService>();
            }
        });

        (await site.ReadAsync("/inspected?policy=Unknown", ("Cookie", "user=tester"))).ShouldNotContain("kameleoonInspector");

        site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain(sentence);
    }

    [Fact]
    public async Task A_policy_whose_handler_throws_leaves_the_page_whole_and_is_logged_once()
    {
        var attempts = 0;
        await using var site = await TagSite.StartAsync(services: services => AddPolicy(
            services, _ => throw new TimeoutException($"Attempt {++attempts} found no directory.")));

        using var page = await site.OpenAsync("/inspected?policy=Throws");
        await site.OpenAsync("/inspected?policy=Throws");

        attempts.ShouldBe(2);
        page.QuerySelector("kameleoon-inspector, #kameleoonInspector").ShouldBeNull();
        page.Kinds().ShouldNotBeEmpty();
        site.Log.Texts(401).ShouldHaveSingleItem()
            .ShouldEndWith("The policy 'Throws' of the inspector cannot be evaluated. Attempt 1 found no directory.");
    }

    [Fact]
    public async Task A_policy_that_is_cancelled_with_the_request_is_no_mistake()
    {
        await using var site = await TagSite.StartAsync(services: static services => AddPolicy(
            services, static _ => throw new OperationCanceledException()));
        var context = new DefaultHttpContext { RequestServices = site.App.Services, RequestAborted = new(canceled: true) };

        await Should.ThrowAsync<OperationCanceledException>(
            () => site.App.Services.GetRequiredService<InspectorAccess>().MayShowAsync(context, "Throws").AsTask());

        site.Log.Texts(401).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_shows_the_visitor_every_flag_with_its_reasons_and_who_reports_what()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");

        using var page = TagSite.Parse(await site.ReadAsAsync("anna", "/inspected"));

        var panel = Shadow(page);
        panel.QuerySelector("code")!.TextContent.ShouldBe("anna");
        panel.QuerySelectorAll("li").Select(static flag => $"{flag.GetAttribute("data-flag")}: {Current(flag)}")
            .ShouldBe(["checkout: on", "delivery: on", "style: on", "dark: off"]);
        panel.QuerySelectorAll("li .reason p").Select(static line => line.TextContent).ShouldBe(
        [
            "This visitor takes part in experiment 7001, which shows \"on\" to 100 % of its visitors.",
            "Reported by the engine. Experiment 7001, variation 81001.",
            "Delivery 7002 shows \"on\" to every visitor it targets.",
            "This page reports no exposure of it.",
            "This visitor takes part in experiment 7003, which shows \"on\" to 100 % of its visitors.",
            "Not reported: decided without tracking. Experiment 7003, variation 81003.",
            "The flag is off in this environment.",
            "This page reports no exposure of it.",
        ]);
        panel.QuerySelector("pre")!.TextContent.ShouldStartWith("checkout for anna is on (Rule)\n");
        page.QuerySelectorAll("#kameleoonInspector ~ script").Concat(panel.QuerySelectorAll("style"))
            .ShouldAllBe(element => element.GetAttribute("nonce") == "n1");
    }

    [Fact]
    public async Task It_neither_reports_nor_keeps_anything_itself()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");

        await site.ReadAsAsync("anna", "/inspected");

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task It_offers_each_variation_as_the_simulation_cookie_names_it_and_shows_the_one_that_is_simulated()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");
        var cookie = Uri.EscapeDataString("""{"checkout":{"expId":0}}""");

        using var page = TagSite.Parse(await site.ReadAsync(
            "/inspected", ("Cookie", "kameleoonVisitorCode=anna; kameleoonSimulationFFData=" + cookie)));

        var flag = Shadow(page).QuerySelector("li[data-flag=checkout]")!;
        flag.QuerySelectorAll(".chip").Select(static chip => $"{chip.TextContent} {chip.GetAttribute("data-ids")}")
            .ShouldBe(["off {\"expId\":0}", "on {\"expId\":7001,\"varId\":81001}"]);
        Current(flag).ShouldBe("off");
        flag.QuerySelector(".reason p")!.TextContent.ShouldStartWith("The simulation cookie shows \"off\"");
        Shadow(page).QuerySelector(".active")!.TextContent.ShouldBe("Simulated in this browser, not countedClear");
        page.GetElementById("kameleoonInspector")!.HasAttribute("data-overrides").ShouldBeFalse();
    }

    [Fact]
    public async Task Where_the_endpoint_is_mapped_it_uses_that_and_says_until_when_an_override_holds()
    {
        await using var site = await TagSite.StartAsync(
            services: TesterAuthentication.Add,
            map: static app => app.MapGroup("/admin").MapKameleoonOverrides("/overrides"));
        var cookie = site.Sign("""{"siteCode":"abcde12345","variations":{"checkout":"off"}}""", TimeSpan.FromHours(1));

        using var page = TagSite.Parse(await site.ReadAsync(
            $"/inspected?policy={TesterAuthentication.Policy}", ("Cookie", $"kameleoonVisitorCode=anna; user=tester; {cookie}")));

        page.GetElementById("kameleoonInspector")!.GetAttribute("data-overrides").ShouldBe("/admin/overrides");
        var panel = Shadow(page);
        DateTimeOffset.Parse(panel.QuerySelector(".active time")!.GetAttribute("datetime")!, CultureInfo.InvariantCulture)
            .ShouldBeGreaterThan(TimeProvider.System.GetUtcNow());
        panel.QuerySelector(".pill")!.TextContent.ShouldBe("Kameleoon 1 overridden");
        var flag = panel.QuerySelector("li[data-flag=checkout]")!;
        Current(flag).ShouldBe("off");
        flag.QuerySelector(".reason p")!.TextContent.ShouldBe("An override shows \"off\" in this browser. Nothing is counted for it.");
        flag.QuerySelectorAll("[data-do=reset]").ShouldHaveSingleItem();
        panel.QuerySelectorAll("[aria-disabled]").ShouldBeEmpty();
    }

    [Fact]
    public async Task Where_simulation_is_off_nothing_can_be_chosen()
    {
        await using var site = await TagSite.StartAsync(
            options => options.Simulation = SimulationPolicy.Off, environment: "Development");

        using var page = TagSite.Parse(await site.ReadAsAsync("anna", "/inspected"));

        Shadow(page).QuerySelectorAll(".chip").ShouldAllBe(static chip => chip.GetAttribute("aria-disabled") == "true");
        Shadow(page).TextContent.ShouldContain("app.MapKameleoonOverrides()");
    }

    [Fact]
    public async Task A_reason_for_the_default_names_what_the_visitor_does_not_meet()
    {
        const string Condition = """{ "targetingType": "BROWSER", "browser": "FIREFOX", "include": true }""";
        await using var site = await TagSite.StartAsync(
            environment: "Development", platform: DataFiles.Serving(DataFiles.Targeted(Condition)));

        using var page = TagSite.Parse(await site.ReadAsAsync("anna", "/inspected"));

        Shadow(page).QuerySelector("li[data-flag=checkout] .reason p")!.TextContent
            .ShouldBe("No rule applies, so the visitor gets the default, \"off\". Segment 41 does not have this visitor.");
    }

    [Fact]
    public async Task Each_flag_is_a_group_of_radio_buttons_with_one_that_can_be_reached_by_tab()
    {
        await using var site = await TagSite.StartAsync(environment: "Development");

        using var page = TagSite.Parse(await site.ReadAsAsync("anna", "/inspected"));

        foreach (var flag in Shadow(page).QuerySelectorAll("li"))
        {
            var group = flag.QuerySelector("[role=radiogroup]")!;
            Shadow(page).QuerySelector("#" + group.GetAttribute("aria-labelledby"))!.TextContent.ShouldBe(flag.GetAttribute("data-flag"));
            group.QuerySelectorAll("[role=radio][tabindex='0'][aria-checked=true]").ShouldHaveSingleItem();
            var why = flag.QuerySelector("[data-do=why]")!;
            why.GetAttribute("aria-label").ShouldBe($"Why {flag.GetAttribute("data-flag")} is {Current(flag)}");
            flag.QuerySelector("#" + why.GetAttribute("aria-controls"))!.HasAttribute("hidden").ShouldBeTrue();
        }
    }

    private static void AddPolicy(IServiceCollection services, Func<AuthorizationHandlerContext, bool> handler) =>
        services.AddAuthorization(all => all.AddPolicy("Throws", policy => policy.RequireAssertion(handler)));

    private static IDocumentFragment Shadow(IHtmlDocument page)
    {
        var template = page.QuerySelector("#kameleoonInspector > template").ShouldBeAssignableTo<IHtmlTemplateElement>()!;
        template.GetAttribute("shadowrootmode").ShouldBe("open");
        return template.Content;
    }

    private static string Current(IElement flag) =>
        flag.QuerySelectorAll(".chip[aria-checked=true]").ShouldHaveSingleItem().TextContent;
}
