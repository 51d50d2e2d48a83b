using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What <c>&lt;kameleoon-tracking /&gt;</c> renders, on real Razor pages.</summary>
public sealed class TrackingTagTests
{
    private const string Begin = "window.kameleoonQueue=window.kameleoonQueue||[];(function(d,n,a,s,t){if(s.title)return;"
        + "s.title=\"ran\";";

    private const string End = "})(document,navigator,addEventListener,document.currentScript||{});";

    [Fact]
    [Spec("H2")]
    public async Task Without_an_entry_there_is_no_element_at_all()
    {
        await using var site = await TagSite.StartAsync(options => options.ExposureBy = ExposureOwner.Server);

        using var page = await site.OpenAsync("/two-tags");

        page.GetElementById("first")!.ChildNodes.ShouldBeEmpty();
    }

    [Fact]
    [Spec("H3")]
    public async Task A_second_tag_renders_only_what_came_since_the_first()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/two-tags");

        page.GetElementById("first")!.Kinds().ShouldBe(["tracking", "image"]);
        page.GetElementById("second")!.ChildNodes.ShouldBeEmpty();
        var third = page.GetElementById("third")!.QuerySelector("script")!.TextContent;
        third.ShouldContain("7003");
        third.ShouldNotContain("7001");
        site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain("two <kameleoon-engine />");
    }

    [Theory]
    [InlineData("fr-FR")]
    [InlineData("ar-SA")]
    [Spec("H5")]
    public async Task No_culture_changes_what_the_engine_reads(string culture)
    {
        await using var site = await TagSite.StartAsync(before: app => app.Use((context, next) =>
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo(culture);
            return next(context);
        }));

        using var decided = await site.OpenAsync("/two-tags");
        using var children = await site.OpenAsync("/children?value=1");

        Commands(decided.Scripts[0].TextContent.Replace('\'', '"')).ShouldBe(
        [
            "[\"Experiments.assignVariation\",7001,81001,true]",
            "[\"Experiments.trigger\",7001,true]",
        ]);
        Commands(children.Scripts[0].TextContent)[0].ShouldBe("[\"Goals.processConversion\",55,1234.5]");
    }

    [Theory]
    [InlineData("</script><img src=x>")]
    [InlineData("<!--<script>")]
    [InlineData("'\"\\`${x}")]
    [InlineData("\u2028\u2029\r\n")]
    [InlineData("]);alert(1);([")]
    [InlineData("é 漢字 😀 &amp;")]
    [Spec("H6")]
    public async Task No_value_leaves_its_place_in_the_script(string value)
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/children?value=" + Uri.EscapeDataString(value));

        page.Images.ShouldBeEmpty();
        page.GetElementById("after")!.TextContent.ShouldBe("after");
        var script = page.Scripts.ShouldHaveSingleItem();
        var command = JsonDocument.Parse(Commands(script.TextContent)[1]).RootElement;
        command[0].GetString().ShouldBe("Data.setCustomData");
        command[1].GetInt32().ShouldBe(3);
        command[2][0].GetString().ShouldBe(value);
        command[3].GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Children_of_the_tag_become_commands_in_their_order()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/children?value=a&value=b");

        Commands(page.Scripts[0].TextContent).ShouldBe(
        [
            "[\"Goals.processConversion\",55,1234.5]",
            "[\"Data.setCustomData\",3,[\"a\",\"b\"],true]",
            "[\"Data.setCustomData\",4,[\"gold\"]]",
        ]);
        page.Body!.TextContent.ShouldNotContain("not rendered");
        page.QuerySelectorAll("noscript").ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_with_a_conversion_in_it_is_out_of_every_cache()
    {
        await using var site = await TagSite.StartAsync();

        using var response = await site.GetAsync("/children");

        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/modes/AsyncAntiFlicker/head")]
    [InlineData("/modes/Sync/body")]
    [Spec("H7")]
    public async Task Every_script_bears_the_nonce(string path)
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync(path);

        page.Scripts.Length.ShouldBeGreaterThan(2);
        page.Scripts.ShouldAllBe(script => script.GetAttribute("nonce") == "n1");
    }

    [Theory]
    [InlineData("HEAD", 200, 0)]
    [InlineData("GET", 302, 1)]
    [InlineData("GET", 304, 1)]
    [Spec("H12")]
    public async Task A_response_that_carries_no_tag_leaves_its_exposures_to_the_server(string method, int status, int sent)
    {
        await using var site = await TagSite.StartAsync(map: app => app.MapMethods(
            "/odd", ["GET", "HEAD"], (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("checkout");
                context.Response.StatusCode = status;
                Pages.Tracking(context).ShouldBeEmpty();
            }));

        using var response = await site.SendAsync(new HttpMethod(method), "/odd", ("Cookie", "kameleoonVisitorCode=someone"));

        ((int)response.StatusCode).ShouldBe(status);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(sent);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "head").ShouldBe(1 - sent);
    }

    [Fact]
    [Spec("H12")]
    public async Task An_error_page_has_its_own_engine_and_its_own_exposures()
    {
        await using var site = await TagSite.StartAsync(
            before: app => app.UseExceptionHandler("/two-tags"),
            map: app => app.MapGet("/throws", (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("delivery");
                Pages.Tracking(context).ShouldContain("7002");
                Pages.Engine(context).ShouldContain("kameleoonEngine");
                throw new InvalidOperationException("On purpose.");
            }));

        using var response = await site.GetAsync("/throws", ("Cookie", "kameleoonVisitorCode=someone"));
        using var page = TagSite.Parse(await response.Content.ReadAsStringAsync());

        ((int)response.StatusCode).ShouldBe(500);
        page.QuerySelectorAll("#kameleoonEngine").ShouldHaveSingleItem();
        page.Body!.InnerHtml.ShouldContain("7001");
        page.Body.InnerHtml.ShouldNotContain("7002");
    }

    [Fact]
    public async Task A_prerendered_page_reports_when_it_is_shown_if_the_tag_is_asked_to_guard_it()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/children?guard=true&value=a");

        var code = page.Scripts.ShouldHaveSingleItem().TextContent;
        code.ShouldStartWith(Begin + "(function(report){if(d.prerendering)");
        code.ShouldEndWith("});" + End);
    }

    [Fact]
    [Spec("W7")]
    public async Task In_html_that_a_script_fetches_the_server_keeps_the_exposures_and_says_so_once()
    {
        await using var site = await TagSite.StartAsync();

        using var first = await site.OpenAsync("/two-tags", ("Sec-Fetch-Dest", "empty"));
        using var second = await site.OpenAsync("/two-tags", ("Sec-Fetch-Dest", "empty"));

        first.Kinds().ShouldNotContain(kind => kind == "tracking");
        var events = await site.StopAndReadEventsAsync();
        events.Count(sent => sent["id"] == "7001").ShouldBe(1);
        site.Log.Texts(403).ShouldHaveSingleItem().ShouldContain("/TwoTags");
    }

    [Theory]
    [InlineData("image")]
    [InlineData("script")]
    [InlineData("worker")]
    public async Task In_html_that_is_no_page_of_the_browser_the_server_keeps_the_exposures(string destination)
    {
        await using var site = await TagSite.StartAsync();

        using var error = await site.OpenAsync("/two-tags", ("Sec-Fetch-Dest", destination));

        error.Kinds().ShouldNotContain(kind => kind == "tracking");
        (await site.StopAndReadEventsAsync()).Count(sent => sent["id"] == "7001").ShouldBe(1);
        site.Log.Texts(403).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_conversion_in_html_that_a_script_fetches_is_logged_once()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/children");
        site.Log.Texts(411).ShouldBeEmpty();
        using var first = await site.OpenAsync("/children", ("Sec-Fetch-Dest", "empty"));
        using var second = await site.OpenAsync("/children", ("Sec-Fetch-Dest", "empty"));

        site.Log.Texts(411).ShouldHaveSingleItem().ShouldContain("a script fetched the HTML");
    }

    [Fact]
    [Spec("P1")]
    public async Task A_page_that_a_link_fetches_ahead_has_its_code_since_there_is_no_second_request()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/modes/Async/body", ("Sec-Fetch-Dest", "empty"), ("Sec-Purpose", "prefetch"));

        page.Kinds().ShouldContain(kind => kind == "tracking");
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_tag_on_a_cached_page_throws_in_development_and_takes_the_page_out_of_the_cache_elsewhere()
    {
        await using var careless = await StartCachedAsync("Production");
        foreach (var visitor in new[] { "first", "second" })
        {
            (await careless.ReadAsAsync(visitor, "/cached")).ShouldContain(visitor);
        }

        careless.Log.Texts(401).Where(text => text.Contains("kameleoon-variation", StringComparison.Ordinal))
            .ShouldHaveSingleItem().ShouldContain("the output cache");

        await using var careful = await StartCachedAsync("Development");
        using var response = await careful.GetAsync("/cached");
        ((int)response.StatusCode).ShouldBe(500);
    }

    [Fact]
    public async Task A_base_policy_of_the_output_cache_is_no_mistake_of_the_page()
    {
        await using var site = await TagSite.StartAsync(
            services: services => services.AddOutputCache(options => options.AddBasePolicy(policy => policy.Cache())),
            before: app => app.UseOutputCache(),
            environment: "Development");

        using var page = await site.OpenAsync("/modes/Async/body");

        page.Kinds().ShouldContain(kind => kind == "tracking");
    }

    private static Task<TestSite> StartCachedAsync(string environment) => TagSite.StartAsync(
        services: services => services.AddOutputCache(),
        before: app => app.UseOutputCache(),
        environment: environment);

    /// <summary>The JSON of each command pushed, one statement each.</summary>
    private static string[] Commands(string script)
    {
        const string Push = "window.kameleoonQueue.push(";
        script.ShouldStartWith(Begin + Push);
        script.ShouldEndWith(");" + End);
        var statements = script[..^End.Length].Split(";var u=\"")[0] + ";";
        return [.. statements.TrimEnd(';').Split(Push).Skip(1).Select(statement => statement.TrimEnd(';')[..^1])];
    }
}
