using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>What the engine is given besides <c>engine.js</c>.</summary>
public sealed class EngineFileTests
{
    private static readonly EngineConfiguration Whole = new()
    {
        FlushMs = 321,
        AbortScript = new EngineScript("return false // never"),
        Goals = [new EngineGoal(7, "Basket")],
        Segments = [new EngineSegment(3, "Everybody")],
        Experiments =
        [
            new EngineExperiment(1, "plain") { Kind = "web", Variations = [new(11, "on") { Share = 0.5, Js = new("plainCode()") }] },
            new EngineExperiment(2, "late")
            {
                Kind = "web",
                Tags = ["DELAYED"],
                Variations = [new(0, "Reference"), new(21, "on") { Js = new("lateCode()"), Css = "p{}" }],
            },
            new EngineExperiment(4, "live") { Tags = ["LIVE-UPDATE"], GlobalScript = new("all()"), Variations = [new(41, "on") { Js = new("x()") }] },
        ],
        Personalizations = [new EnginePersonalization(5, "banner") { Variation = new(51, "shown") { Css = "b{}" } }],
    };

    [Fact]
    public async Task Scripts_are_functions_and_a_comment_at_their_end_closes_nothing()
    {
        await using var site = await StartAsync(Whole);

        var engine = await site.TextAsync("engine.js");

        engine.ShouldContain("variationName){return false // never\n}");
        engine.ShouldContain("{plainCode()\n}");
        engine.ShouldContain("\"share\":0.5");
    }

    [Fact]
    public async Task Delayed_code_is_in_its_own_file_alone()
    {
        await using var site = await StartAsync(Whole);

        var engine = await site.TextAsync("engine.js");
        var late = await site.TextAsync("experiments/2/variations/21.js");

        engine.ShouldNotContain("lateCode");
        engine.ShouldContain("""{"id":21,"name":"on","deferred":true}""");
        engine.ShouldContain("""{"id":0,"name":"Reference","deferred":false}""");
        late.ShouldStartWith("""Kameleoon.Internals.receive("experiments/2/variations/21",{"id":21,"name":"on","js":function(""");
        late.ShouldContain("{lateCode()\n}");
        (await site.TextAsync("personalizations/5/variations/51.js")).ShouldContain("\"css\":\"b{}\"");
    }

    [Theory]
    [InlineData("experiments/2/variations/99.js")]
    [InlineData("experiments/99/variations/21.js")]
    [InlineData("personalizations/5/variations/21.js")]
    [InlineData("segments/5/variations/21.js")]
    public async Task Code_that_does_not_exist_is_not_found(string path)
    {
        await using var site = await StartAsync(Whole);

        using var response = await site.GetAsync(path);

        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Deferred_campaigns_are_in_the_campaigns_file()
    {
        await using var site = await StartAsync(Whole with { Deferral = new EngineDeferral(Configuration: false, Campaigns: true) });

        var engine = await site.TextAsync("engine.js");
        var campaigns = await site.TextAsync("engine-campaigns.js");

        engine.ShouldContain("\"flushMs\":321");
        engine.ShouldContain("Basket");
        engine.ShouldNotContain("plainCode");
        campaigns.ShouldStartWith("Kameleoon.Internals.receive(\"campaigns\",{\"segments\":[{\"id\":3,");
        campaigns.ShouldContain("plainCode");
        campaigns.ShouldNotContain("lateCode");
        (await site.TextAsync("kameleoon-actions.js")).ShouldBe(campaigns);
    }

    [Fact]
    public async Task A_deferred_configuration_leaves_the_engine_what_it_needs_to_begin()
    {
        await using var site = await StartAsync(Whole with { Deferral = new EngineDeferral(Configuration: true, Campaigns: false) });

        var engine = await site.TextAsync("engine.js?siteCode=mine");
        var configuration = await site.TextAsync("engine-configuration.js");

        engine.ShouldContain("\"siteCode\":\"mine\"");
        engine.ShouldContain("// never");
        engine.ShouldContain("\"deferral\":{\"configuration\":true,\"campaigns\":true}");
        engine.ShouldNotContain("Basket");
        configuration.ShouldStartWith("Kameleoon.Internals.receive(\"configuration\",{");
        configuration.ShouldContain("Basket");
        configuration.ShouldNotContain("plainCode");
        (await site.TextAsync("kameleoon-configuration.js")).ShouldBe(configuration);
    }

    [Fact]
    public async Task Consent_the_visitor_code_and_single_pages_do_not_depend_on_the_deferred_file()
    {
        await using var site = await StartAsync(Whole with
        {
            Deferral = new EngineDeferral(Configuration: true, Campaigns: false),
            Consent = new EngineConsent(AbTesting: "REQUIRED"),
            Cookie = new EngineCookie(Days: 30),
            Unify = new EngineUnify(Enabled: true),
            VisitorCodeInLocalStorage = true,
            Spa = new EngineSinglePage(Enabled: true),
        });

        var engine = await site.TextAsync("engine.js");

        engine.ShouldContain("\"spa\":{\"enabled\":true");
        engine.ShouldContain("\"consent\":{\"abTesting\":\"REQUIRED\"");
        engine.ShouldContain("\"cookie\":{\"days\":30");
        engine.ShouldContain("\"unify\":{\"enabled\":true");
        engine.ShouldContain("\"visitorCodeInLocalStorage\":true");
    }

    [Fact]
    public async Task Live_campaigns_are_data_without_code()
    {
        await using var site = await StartAsync(Whole);

        var live = await site.TextAsync("live-experiments/config.js");

        live.ShouldStartWith("Kameleoon.Internals.receive(\"live\",{");
        live.ShouldContain("""{"id":41,"name":"on","deferred":true}""");
        live.ShouldNotContain("function");
        live.ShouldNotContain("plain");
    }

    [Fact]
    public async Task The_former_name_of_the_engine_is_the_engine()
    {
        await using var site = await StartAsync(Whole);

        (await site.TextAsync("kameleoon.js")).ShouldBe(await site.TextAsync("engine.js"));
    }

    [Fact]
    public async Task The_frame_of_unified_storage_is_the_sandbox_s_own_where_no_other_is_named()
    {
        await using var site = await StartAsync(Whole with { Unify = new EngineUnify(Enabled: true) });

        var engine = await site.TextAsync("engine.js");
        using var frame = await site.GetAsync("engine-frame.html");

        engine.ShouldContain($"\"frameUrl\":\"{site.Http.BaseAddress}engine-frame.html\"");
        frame.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
    }

    [Fact]
    public async Task Address_and_place_stand_in_headers_that_pages_may_read()
    {
        await using var site = await StartAsync(Whole);

        using var ip = await site.GetAsync("ip");
        using var place = await site.GetAsync("geolocation?city=K%C3%B6ln");

        Header(ip, "ip").ShouldBe("127.0.0.1");
        Header(ip, "Access-Control-Expose-Headers").ShouldBe("ip");
        Header(place, "geoip_country").ShouldBe("France");
        Header(place, "geoip_city").ShouldBe("K%C3%B6ln");
        Header(place, "Access-Control-Allow-Origin").ShouldBe("*");
        Header(place, "Access-Control-Expose-Headers").ShouldContain("geoip_postal_code");
    }

    [Theory]
    [InlineData("00:00:00", "no-cache")]
    [InlineData("01:30:00", "max-age=5400")]
    public async Task Browsers_keep_the_engine_for_as_long_as_the_option_says(string maxAge, string expected)
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:EngineMaxAge", maxAge));

        using var engine = await site.GetAsync("engine.js");

        Header(engine, "Cache-Control").ShouldBe(expected);
    }

    private static string Header(HttpResponseMessage response, string name) => string.Join(", ", response.Headers.GetValues(name));

    private static Task<SandboxSite> StartAsync(EngineConfiguration configuration) => SandboxSite.StartAsync(
        configure: builder => builder.Services.AddSingleton<IEngineConfigurationSource>(new Fixed(configuration)));

    private sealed class Fixed(EngineConfiguration configuration) : IEngineConfigurationSource
    {
        public EngineConfiguration Read() => configuration;
    }
}
