namespace Kameleoon.Hybrid.Tests;

/// <summary>What <c>&lt;kameleoon-engine /&gt;</c> renders, on real Razor pages.</summary>
public sealed class EngineTagTests
{
    [Theory]
    [InlineData("Sync", "head", new[] { "queue", "engine" }, true, "high")]
    [InlineData("Sync", "body", new[] { "queue", "engine" }, true, "high")]
    [InlineData("Async", "head", new[] { "queue", "engine" }, false, null)]
    [InlineData("Async", "body", new[] { "queue", "engine" }, false, null)]
    [InlineData("AsyncAntiFlicker", "head", new[] { "queue", "anti-flicker", "engine" }, false, "high")]
    [InlineData("AsyncAntiFlicker", "body", new[] { "queue", "anti-flicker", "engine" }, false, "high")]
    [InlineData("None", "head", new string[0], false, null)]
    [InlineData("None", "body", new string[0], false, null)]
    [Spec("H1", "H4")]
    public async Task Each_mode_renders_its_elements_in_order_wherever_it_stands(
        string mode, string place, string[] kinds, bool blocks, string? priority)
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync($"/modes/{mode}/{place}");

        string[] tracking = ["tracking", "image"];
        page.Kinds().ShouldBe(place == "head" ? [.. kinds, .. tracking] : [.. tracking, .. kinds]);
        if (page.GetElementById("kameleoonEngine") is { } engine)
        {
            engine.HasAttribute("async").ShouldBe(!blocks);
            engine.GetAttribute("fetchpriority").ShouldBe(priority);
            engine.GetAttribute("src").ShouldBe("https://abcde12345.kameleoon.io/engine.js");
            engine.HasAttribute("integrity").ShouldBeFalse();
            engine.HasAttribute("crossorigin").ShouldBeFalse();
        }
    }

    [Fact]
    [Spec("H1")]
    public async Task The_attributes_of_the_tag_win_over_the_settings()
    {
        await using var site = await TagSite.StartAsync(options =>
        {
            options.Engine.Timeout = TimeSpan.FromSeconds(2);
            options.Engine.Unify = new Uri("https://data.example/frame.html");
        });

        using var page = await site.OpenAsync("/attributes?timeout=120&src=https://cdn.example/e.js");

        page.Kinds().ShouldBe(["preload", "queue", "anti-flicker", "frame", "engine"]);
        var preload = page.QuerySelector("link")!;
        preload.GetAttribute("href").ShouldBe("https://cdn.example/e.js");
        preload.GetAttribute("as").ShouldBe("script");
        page.GetElementById("kameleoonEngine")!.GetAttribute("src").ShouldBe("https://cdn.example/e.js");
        page.GetElementById("kameleoonEngine")!.GetAttribute("fetchpriority").ShouldBe("low");
        var hides = page.Scripts[1].TextContent;
        hides.ShouldContain("*{visibility:hidden");
        hides.ShouldEndWith("\",120);");
    }

    [Fact]
    [Spec("H1")]
    public async Task The_settings_count_where_the_tag_says_nothing()
    {
        await using var site = await TagSite.StartAsync(options =>
        {
            options.Engine.Mode = EngineMode.AsyncAntiFlicker;
            options.Engine.Timeout = TimeSpan.FromSeconds(2);
        });

        using var page = await site.OpenAsync("/two-tags");

        var engines = page.GetElementById("engines")!;
        engines.Kinds().ShouldBe(["queue", "anti-flicker", "engine"]);
        engines.QuerySelectorAll("script")[1].TextContent.ShouldSatisfyAllConditions(
            code => code.ShouldContain("html::after"),
            code => code.ShouldEndWith("\",2000);"));
    }

    [Fact]
    public async Task A_tag_that_is_not_enabled_renders_nothing()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/attributes?enabled=false");

        page.Kinds().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_without_decision_is_the_same_for_everybody_and_stays_cacheable()
    {
        await using var site = await TagSite.StartAsync();

        using var response = await site.GetAsync("/attributes");

        response.Headers.CacheControl!.NoStore.ShouldBeFalse();
        (await response.Content.ReadAsStringAsync()).ShouldNotContain("IMMEDIATE");
    }

    [Theory]
    [InlineData("http://cdn.example/e.js")]
    [InlineData("//cdn.example/e.js")]
    [InlineData("/\\cdn.example/e.js")]
    [InlineData("javascript:alert(1)")]
    [InlineData("e.js")]
    public async Task A_source_that_others_could_change_is_refused_and_the_settings_count(string src)
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/attributes?src=" + Uri.EscapeDataString(src));

        page.GetElementById("kameleoonEngine")!.GetAttribute("src").ShouldBe("https://abcde12345.kameleoon.io/engine.js");
        site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain(src);
    }

    [Theory]
    [InlineData("//cdn.example/e.js", true, "Production")]
    [InlineData("http://127.0.0.1:5480/engine.js", false, "Development")]
    [InlineData("/engine.js", false, "Production")]
    public async Task A_source_is_taken_where_it_is_safe_or_allowed(string src, bool allow, string environment)
    {
        await using var site = await TagSite.StartAsync(
            options => options.Engine.AllowProtocolRelative = allow, environment: environment);

        using var page = await site.OpenAsync("/attributes?src=" + Uri.EscapeDataString(src));

        page.GetElementById("kameleoonEngine")!.GetAttribute("src").ShouldBe(src);
    }

    [Theory]
    [InlineData(-1, 0)]
    [InlineData(3001, 3000)]
    public async Task A_timeout_never_hides_the_page_longer_than_three_seconds(int timeout, int used)
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync($"/attributes?timeout={timeout}");

        page.Scripts[1].TextContent.ShouldEndWith($"\",{used});");
        site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain($"timeout=\"{timeout}\"");
    }

    [Theory]
    [InlineData("/attributes?timeout=9000", "timeout=\"9000\"")]
    [InlineData("/attributes?src=e.js", "src=\"e.js\"")]
    [InlineData("/attributes?unify=true", "Kameleoon:Engine:Unify")]
    [InlineData("/two-tags", "two <kameleoon-engine /> tags")]
    [InlineData("/wrong/orphan", "does not name its flag")]
    [InlineData("/wrong/after-else", "Put the <kameleoon-else> last")]
    public async Task In_development_a_mistake_throws_with_a_sentence_that_names_it(string path, string sentence)
    {
        Exception? thrown = null;
        await using var site = await TagSite.StartAsync(
            before: app => app.Use(async (context, next) =>
            {
                try
                {
                    await next(context);
                }
                catch (InvalidOperationException error)
                {
                    thrown = error;
                }
            }),
            environment: "Development");

        using var response = await site.GetAsync(path);

        thrown.ShouldNotBeNull().Message.ShouldContain(sentence);
    }

    [Theory]
    [InlineData(false, "kameleoonVisitorCode=someone", null)]
    [InlineData(true, "kameleoonVisitorCode=someone", "someone")]
    public async Task The_code_is_imposed_where_the_settings_ask_for_it(bool always, string cookie, string? imposed)
    {
        await using var site = await TagSite.StartAsync(options => options.Engine.AlwaysImposeVisitorCode = always);

        using var response = await site.GetAsync("/attributes", ("Cookie", cookie));
        var html = await response.Content.ReadAsStringAsync();

        ImposedCode(html).ShouldBe(imposed);
        (response.Headers.CacheControl?.NoStore ?? false).ShouldBe(imposed is not null);
    }

    [Theory]
    [InlineData("Sync", "body", "tracking with code, image, queue with code, engine")]
    [InlineData("None", "head", "tracking with code, image")]
    [InlineData("Sync", "head", "queue, engine")]
    public async Task Without_a_cookie_the_page_tells_the_engine_the_code_before_it_starts_or_keeps_its_exposures(
        string mode, string place, string kinds)
    {
        await using var site = await TagSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Site("REQUIRED", delivers: false)));

        using var response = await site.GetAsync($"/modes/{mode}/{place}");

        VisitorCodeTests.SetCookies(response).ShouldBeEmpty();
        using var page = TagSite.Parse(await response.Content.ReadAsStringAsync());
        string.Join(", ", page.Kinds()).ShouldBe(kinds);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_visitor_who_refused_gets_neither_code_nor_exposures()
    {
        await using var site = await TagSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Site("REQUIRED", delivers: false)),
            services: services => services.AddSingleton<IKameleoonConsentProvider, Refusing>());

        using var page = TagSite.Parse(await site.ReadAsync("/modes/Sync/body"));

        page.Kinds().ShouldBe(["queue", "engine"]);
    }

    [Fact]
    public async Task A_user_who_has_just_signed_in_is_imposed_on_the_engine_until_the_cookie_says_so()
    {
        await using var site = await TagSite.StartAsync(
            options => options.LinkedVisitorCode = static _ => new("linked"));

        ImposedCode(await site.ReadAsync("/attributes", ("Cookie", "kameleoonVisitorCode=browser"))).ShouldBe("linked");
        ImposedCode(await site.ReadAsync("/attributes", ("Cookie", "kameleoonVisitorCode=linked"))).ShouldBeNull();
    }

    [Theory]
    [InlineData("Sec-Fetch-Dest", "empty")]
    [InlineData("User-Agent", "Examplebot/2.1 (+http://example.com/bot)")]
    public async Task No_code_is_imposed_where_nobody_would_take_it(string header, string value)
    {
        await using var site = await TagSite.StartAsync(options => options.Engine.AlwaysImposeVisitorCode = true);

        var html = await site.ReadAsync("/attributes", (header, value));

        ImposedCode(html).ShouldBeNull();
    }

    /// <summary>The code that a browser would take from the page's IMMEDIATE entry.</summary>
    private static string? ImposedCode(string html)
    {
        using var page = TagSite.Parse(html);
        var entry = page.Scripts.Select(script => script.TextContent).FirstOrDefault(code => code.Contains("IMMEDIATE", StringComparison.Ordinal));
        return entry?.Split("[\"Visitor.setVisitorCode\",\"")[1].Split('"')[0];
    }

    private sealed class Refusing : IKameleoonConsentProvider
    {
        public bool? GetConsent(HttpContext context) => false;
    }
}
