using System.Collections.Concurrent;
using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The output cache keeps a copy of a page for each combination of variations, and nobody is lost by it.</summary>
public sealed class VariationPolicyTests
{
    private static readonly string Halves = DataFiles.Shop
        .Replace("""{ "variationKey": "on", "variationId": 81001, "exposition": 1 }""", Half(81001), StringComparison.Ordinal)
        .Replace("""{ "variationKey": "on", "variationId": 81003, "exposition": 1 }""", Half(81003), StringComparison.Ordinal);

    private readonly ConcurrentBag<string> _made = [];

    [Theory]
    [InlineData(1, true)]
    [InlineData(32, true)]
    [InlineData(32, false)]
    public async Task Four_hundred_new_visitors_share_four_copies_and_each_is_counted_under_a_code_of_their_own(
        int atOnce, bool tagged)
    {
        await using var site = await StartAsync(path: tagged ? "tagged" : "plain");
        var visits = new ConcurrentBag<(string Code, string Page)>();

        await Parallel.ForAsync(0, 400, new ParallelOptions { MaxDegreeOfParallelism = atOnce }, async (_, stop) =>
        {
            using var response = await site.GetAsync("/");
            response.Headers.CacheControl!.NoStore.ShouldBeTrue();
            visits.Add((CodeOf(response), await response.Content.ReadAsStringAsync(stop)));
        });

        // The framework lets more makers through, when they look just before the first has stored: the busier the machine, the more.
        _made.Count.ShouldBeInRange(4, atOnce == 1 ? 4 : 40);
        visits.Select(visit => visit.Code).Distinct(StringComparer.Ordinal).Count().ShouldBe(400);
        foreach (var (code, page) in visits)
        {
            page.ShouldStartWith(Decided(site, code));
            page.Contains("Experiments.trigger", StringComparison.Ordinal).ShouldBe(tagged);
        }

        await site.App.StopAsync();
        site.Platform.Events.Count.ShouldBe(tagged ? 0 : 800);
        if (!tagged)
        {
            site.Platform.Events.Select(sent => (sent["visitorCode"], sent["id"])).Distinct().Count().ShouldBe(800);
        }
    }

    [Fact]
    public async Task A_copy_s_visitors_are_counted_for_what_its_page_decided_and_for_nothing_else()
    {
        await using var site = await StartAsync(path: "one flag", dataFile: DataFiles.Shop);

        for (var i = 0; i < 5; i++)
        {
            await site.ReadAsAsync($"visitor{i}", "/");
        }

        _made.Count.ShouldBe(1);
        var events = await site.StopAndReadEventsAsync();
        events.Select(sent => sent["id"]).ShouldBe(["7001", "7001", "7001", "7001", "7001"]);
        events.Select(sent => sent["visitorCode"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(5);
    }

    [Fact]
    public async Task A_page_whose_tag_was_not_sent_is_not_stored_as_if_it_had_one()
    {
        await using var site = await StartAsync(path: "unsent", dataFile: DataFiles.Shop);

        await site.ReadAsAsync("anna", "/");
        await site.ReadAsAsync("bert", "/");

        var events = await site.StopAndReadEventsAsync();
        events.Select(sent => $"{sent["visitorCode"]} {sent["id"]}").ShouldBe(
            ["anna 7001", "anna 7003", "bert 7001", "bert 7003"], ignoreOrder: true);
    }

    [Fact]
    public async Task Who_is_held_out_shares_no_copy_with_who_is_not()
    {
        const string holdout = """
            "holdout": { "id": 90, "experimentId": 9001, "variationByExposition": [
              { "variationKey": "in-holdout", "variationId": 9101, "exposition": 0.5 },
              { "variationKey": "off", "variationId": 9102, "exposition": 0.5 }] },
            "featureFlags": [
            """;
        await using var site = await StartAsync(dataFile: DataFiles.Shop
            .Replace("\"featureFlags\": [", holdout, StringComparison.Ordinal)
            .Replace("\"exposition\": 1, ", "\"exposition\": 0, ", StringComparison.Ordinal));

        for (var i = 0; i < 40; i++)
        {
            await site.ReadAsAsync($"visitor{i}", "/");
        }

        _made.ShouldBe(["off off ", "off off "]);
        await site.App.StopAsync();
        site.Platform.Events.Where(sent => sent["id"] is "9001").GroupBy(sent => sent["visitorCode"], StringComparer.Ordinal)
            .ShouldAllBe(visitor => visitor.Count() == 1);
        site.Platform.Events.Select(sent => sent["variationId"]).Distinct(StringComparer.Ordinal).Count().ShouldBe(2);
    }

    [Theory]
    [InlineData("other")]
    [InlineData("code")]
    [InlineData("nonce")]
    public async Task A_page_that_is_more_personal_than_its_variations_is_not_stored(string path)
    {
        await using var site = await StartAsync(path: path);

        await site.ReadAsAsync("anna", "/");
        await site.ReadAsAsync("anna", "/");

        _made.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Beyond_the_limit_of_cells_pages_are_made_for_each_and_that_is_said_once()
    {
        await using var site = await StartAsync(maxCells: 1);

        for (var i = 0; i < 40; i++)
        {
            var code = $"visitor{i}";
            (await site.ReadAsAsync(code, "/")).ShouldStartWith(Decided(site, code));
        }

        _made.Count.ShouldBeInRange(2, 39);
        site.Log.Texts(212).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_new_data_file_makes_new_copies(bool isDated)
    {
        var dataFile = isDated ? Halves : Halves.Replace("\"dateModified\": 1767225600000,", "", StringComparison.Ordinal);
        await using var site = await StartAsync(dataFile: dataFile);
        await site.ReadAsAsync("anna", "/");
        await site.ReadAsAsync("anna", "/");
        _made.Count.ShouldBe(1);

        var version = site.Configuration.Version;
        site.Platform.DataFile = _ =>
            StubPlatform.Json(dataFile.Replace("\"name\": \"Off\"", "\"name\": \"Not\"", StringComparison.Ordinal));
        site.Refresh();
        await Eventually.IsTrueAsync(() => site.Configuration.Version != version);
        await site.ReadAsAsync("anna", "/");

        _made.Count.ShouldBe(2);
    }

    [Theory]
    [InlineData("Production", HttpStatusCode.OK)]
    [InlineData("Development", HttpStatusCode.InternalServerError)]
    public async Task The_cache_before_the_visitor_is_an_error_that_names_the_fix(string environment, HttpStatusCode status)
    {
        await using var site = await StartAsync(environment: environment, cacheFirst: true);

        using var first = await site.GetAsync("/");
        using var second = await site.GetAsync("/");

        second.StatusCode.ShouldBe(status);
        _made.Count.ShouldBe(status is HttpStatusCode.OK ? 2 : 0);
        site.Log.Texts(211).ShouldHaveSingleItem().ShouldContain("app.UseKameleoonVisitorCode() before app.UseOutputCache()");
    }

    [Fact]
    public async Task A_visitor_whose_code_the_page_has_to_tell_gets_no_copy_of_another_s()
    {
        await using var site = await StartAsync(path: "tagged", dataFile: DataFiles.Site("REQUIRED", delivers: false));

        var known = await site.ReadAsAsync("anna", "/");
        await site.ReadAsAsync("bert", "/");
        var unknown = await site.ReadAsync("/");

        _made.Count.ShouldBe(2);
        known.ShouldNotContain("setVisitorCode");
        unknown.ShouldContain("setVisitorCode");
    }

    [Theory]
    [InlineData(ExposureOwner.Engine, 0)]
    [InlineData(ExposureOwner.Server, 2)]
    [InlineData(ExposureOwner.Both, 2)]
    public async Task A_page_fetched_ahead_is_counted_when_it_is_shown(ExposureOwner owner, int byServer)
    {
        await using var site = await StartAsync(path: "tagged", dataFile: DataFiles.Shop, owner: owner);
        await site.ReadAsAsync("anna", "/");
        var bert = ("Cookie", "kameleoonVisitorCode=bert");

        var ahead = await site.ReadAsync("/", bert, ("Sec-Purpose", "prefetch;prerender"));
        await site.CompletedAsync();
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
        if (ahead.Split("new Image().src=\"") is [_, var rest])
        {
            (await site.ReadAsync(rest.Split('"')[0], bert)).ShouldBeEmpty();
        }

        ahead.Contains("Experiments.trigger", StringComparison.Ordinal).ShouldBe(owner != ExposureOwner.Server);
        (await site.StopAndReadEventsAsync()).Count(sent => sent["visitorCode"] == "bert").ShouldBe(byServer);
    }

    [Fact]
    public async Task A_visitor_who_simulates_sees_what_they_ask_for_and_leaves_no_copy_of_it()
    {
        await using var site = await StartAsync(environment: "Development");
        var asked = Uri.EscapeDataString("""{"checkout":{"expId":0}}""");

        await site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=anna; kameleoonSimulationFFData=" + asked));
        await site.ReadAsAsync("anna", "/");

        _made.Count.ShouldBe(2);
    }

    [Fact]
    public async Task In_development_too_the_tags_are_at_home_on_a_page_by_variation_stored_or_not()
    {
        await using var site = await StartAsync(path: "tagged", environment: "Development", maxCells: 1);

        for (var i = 0; i < 10; i++)
        {
            (await site.ReadAsAsync($"visitor{i}", "/")).ShouldContain("Experiments.trigger");
        }
    }

    private static string Half(long id) =>
        $$"""{ "variationKey": "on", "variationId": {{id}}, "exposition": 0.5 }, """
        + $$"""{ "variationKey": "off", "variationId": {{id + 10000}}, "exposition": 0.5 }""";

    private Task<TestSite> StartAsync(
        string path = "plain",
        int maxCells = 100,
        string environment = "Production",
        bool cacheFirst = false,
        string? dataFile = null,
        ExposureOwner owner = ExposureOwner.Engine) => TestSite.StartAsync(
            options => options.ExposureBy = owner,
            platform: DataFiles.Serving(dataFile ?? Halves),
            environment: environment,
            services: services => services.AddOutputCache(options => options.AddKameleoonVariationPolicy(
                "by variation", ["checkout", "style"], TimeSpan.FromMinutes(5), maxCells)),
            before: app =>
            {
                if (cacheFirst)
                {
                    app.UseOutputCache();
                }
            },
            map: app =>
            {
                if (!cacheFirst)
                {
                    app.UseOutputCache();
                }

                app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
                {
                    var page = path is "one flag"
                        ? client.GetVariation("checkout").Key + client.GetVariation("style", track: false).Key
                        : $"{client.GetVariation("checkout").Key} {client.GetVariation("style").Key} ";
                    _made.Add(page);
                    return page + path switch
                    {
                        "tagged" => Pages.Tracking(context),
                        "unsent" => Dropped(context),
                        "other" => client.GetVariation("delivery").Key,
                        "nonce" => Pages.Tracking(context, nonce: "n1"),
                        "code" => client.GetVisitorCode(),
                        _ => "",
                    };
                }).CacheOutput("by variation");
            });

    private static string Dropped(HttpContext context)
    {
        var tag = context.RequestServices.GetRequiredService<TrackingTag>();
        tag.Create(context, tag.Take(context), nonce: null, guardPrerender: false).ShouldNotBeNull();
        return "";
    }

    private static string Decided(TestSite site, string code)
    {
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code);
        return $"{client.GetVariation("checkout", track: false).Key} {client.GetVariation("style", track: false).Key} ";
    }

    private static string CodeOf(HttpResponseMessage response) => VisitorCodeTests.SetCookies(response)
        .Single(cookie => cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal)).Split('=', ';')[1];
}
