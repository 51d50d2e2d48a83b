namespace Kameleoon.Hybrid.Tests;

/// <summary>A page that changes its visitor is no copy for the visitors for whom the output cache would keep it.</summary>
public sealed class ChangedVisitorTests
{
    private const string Gold = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "value": "gold", "valueMatchType": "EXACT" }""";

    private static readonly string TwoVariations = DataFiles.Shop.Replace(
        """{ "variationKey": "on", "variationId": 81001, "exposition": 1 }""",
        """{ "variationKey": "on", "variationId": 81001, "exposition": 1 }, { "variationKey": "off", "variationId": 81009, "exposition": 0 }""",
        StringComparison.Ordinal);

    private int _made;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Data_that_the_page_adds_changes_the_page_of_its_visitor_only(bool isByFactory)
    {
        await using var site = await StartAsync(DataFiles.Targeted(Gold), (client, context) =>
        {
            if (context.Request.Cookies.ContainsKey("gold"))
            {
                var changed = isByFactory ? Beside(context, "rich") : client;
                changed.AddData(new CustomData("plan", "gold"));
            }
        });

        var gold = await site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=rich; gold=1"));
        var others = new[] { await site.ReadAsAsync("poor", "/"), await site.ReadAsAsync("modest", "/") };

        gold.ShouldBe("on");
        others.ShouldBe(["off", "off"]);
        _made.ShouldBe(2);
        (await site.StopAndReadEventsAsync()).Where(static sent => sent["eventType"] is "experiment")
            .Select(static sent => sent["visitorCode"]).ShouldBe(["rich"]);
    }

    [Fact]
    public async Task A_variation_that_the_page_forces_for_a_while_is_no_other_visitor_s()
    {
        await using var site = await StartAsync(TwoVariations, static (client, context) =>
        {
            if (context.Request.Cookies.ContainsKey("tester"))
            {
                client.SetForcedVariation(DataFiles.Experiment, "off");
                client.GetVariation("checkout", track: false).Key.ShouldBe("off");
                client.SetForcedVariation(DataFiles.Experiment, null);
            }
        });

        (await site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=tester1; tester=1"))).ShouldBe("on");
        (await site.ReadAsAsync("anna", "/")).ShouldBe("on");
        (await site.ReadAsAsync("bert", "/")).ShouldBe("on");

        _made.ShouldBe(2);
    }

    [Theory]
    [InlineData("no", "off")]
    [InlineData("yes", "on")]
    public async Task An_answer_that_the_page_stores_changes_the_page_of_its_visitor_only(string answer, string shown)
    {
        await using var site = await StartAsync(DataFiles.Site("REQUIRED"), static (client, context) =>
        {
            if (context.Request.Cookies["answer"] is { } given)
            {
                client.SetLegalConsent(given == "yes");
            }
        });

        (await site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=first; answer=" + answer))).ShouldBe(shown);
        (await site.ReadAsAsync("unknown", "/")).ShouldBe("on");
        (await site.ReadAsAsync("other", "/")).ShouldBe("on");

        _made.ShouldBe(2);
    }

    [Fact]
    public async Task A_page_that_stores_the_answer_that_was_known_is_kept()
    {
        await using var site = await StartAsync(
            DataFiles.Site("REQUIRED"), static (client, _) => client.SetLegalConsent(true));
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        factory.ForVisitor("anna").SetLegalConsent(true);
        factory.ForVisitor("bert").SetLegalConsent(true);

        await site.ReadAsAsync("anna", "/");
        await site.ReadAsAsync("bert", "/");

        _made.ShouldBe(1);
    }

    [Fact]
    public async Task Consent_that_changes_beside_the_page_is_noticed_although_no_decision_differs()
    {
        await using var site = await StartAsync(DataFiles.Site("REQUIRED"), static (_, context) =>
        {
            if (context.Request.Cookies.ContainsKey("agrees"))
            {
                Beside(context, "anna").SetLegalConsent(true);
            }
        });

        await site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=anna; agrees=1"));
        await site.ReadAsAsync("bert", "/");
        await site.ReadAsAsync("carl", "/");

        _made.ShouldBe(2);
    }

    [Fact]
    public async Task A_visitor_who_waits_for_a_page_gets_one_of_their_own_when_it_became_another_s()
    {
        var (entered, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Targeted(Gold)),
            services: AddPolicy,
            map: app =>
            {
                app.UseOutputCache();
                app.MapGet("/", async (IKameleoonClient client, HttpContext context) =>
                {
                    await context.Response.WriteAsync("checkout ");
                    if (context.Request.Cookies.ContainsKey("gold"))
                    {
                        entered.SetResult();
                        await goOn.Task;
                        client.AddData(new CustomData("plan", "gold"));
                    }

                    await context.Response.WriteAsync(client.GetVariation("checkout").Key);
                }).CacheOutput("landing");
            });

        var gold = site.ReadAsync("/", ("Cookie", "kameleoonVisitorCode=rich; gold=1"));
        await entered.Task.WaitAsync(HangGuard.Timeout);
        var poor = site.ReadAsAsync("poor", "/");
        await Task.WhenAny(poor, Task.Delay(100));
        goOn.SetResult();

        (await gold, await poor).ShouldBe(("checkout on", "checkout off"));
    }

    private static IKameleoonClient Beside(HttpContext context, string code) =>
        context.RequestServices.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code);

    private static void AddPolicy(IServiceCollection services) => services.AddOutputCache(static options =>
        options.AddKameleoonVariationPolicy("landing", ["style", "checkout"], TimeSpan.FromMinutes(5)));

    [Fact]
    public async Task New_visitors_share_a_page_although_only_a_decision_sets_their_cookie()
    {
        await using var site = await TestSite.StartAsync(
            options => options.Cookie.OnlyOnDecision = true,
            services: AddPolicy,
            map: app =>
            {
                app.UseOutputCache();
                app.MapGet("/", (IKameleoonClient client) =>
                {
                    Interlocked.Increment(ref _made);
                    return client.GetVariation("checkout").Key;
                }).CacheOutput("landing");
            });

        using var first = await site.GetAsync("/");
        using var second = await site.GetAsync("/");

        _made.ShouldBe(1);
        VisitorCodeTests.SetCookies(first).ShouldNotBe(VisitorCodeTests.SetCookies(second));
        (await site.StopAndReadEventsAsync()).Count(static sent => sent["eventType"] is "experiment").ShouldBe(2);
    }

    private Task<TestSite> StartAsync(string dataFile, Action<IKameleoonClient, HttpContext> change) => TestSite.StartAsync(
        platform: DataFiles.Serving(dataFile),
        services: AddPolicy,
        map: app =>
        {
            app.UseOutputCache();
            app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
            {
                Interlocked.Increment(ref _made);
                change(client, context);
                return client.GetVariation("checkout").Key;
            }).CacheOutput("landing");
        });
}
