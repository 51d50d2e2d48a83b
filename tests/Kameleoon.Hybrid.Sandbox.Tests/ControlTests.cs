using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class ControlTests
{
    [Fact]
    public async Task A_flag_is_switched_and_comes_back_to_the_file()
    {
        await using var site = await SandboxSite.StartAsync();

        using var off = await site.ControlAsync("PUT", "control/flags/checkout", """{ "enabled": false }""");
        var switched = (await FlagAsync(site)).GetProperty("environmentEnabled").GetBoolean();
        using var undone = await site.ControlAsync("DELETE", "control/flags/checkout");

        off.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        switched.ShouldBeFalse();
        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
    }

    [Fact]
    public async Task Weights_are_shares_of_their_sum()
    {
        await using var site = await SandboxSite.StartAsync();

        using var changed = await site.ControlAsync(
            "PUT", "control/flags/checkout", """{ "rules": { "2": { "traffic": 0.5, "weights": { "off": 1, "on": 3 } } } }""");

        var rule = (await FlagAsync(site)).GetProperty("rules")[0];
        rule.GetProperty("exposition").GetDouble().ShouldBe(0.5);
        rule.GetProperty("variationByExposition")[1].GetProperty("exposition").GetDouble().ShouldBe(0.75);
    }

    [Fact]
    public async Task A_forced_variation_is_one_visitor_s_and_is_reported_as_its_experiment()
    {
        await using var site = await SandboxSite.StartAsync();

        using var changed = await site.ControlAsync(
            "PUT", "control/flags/checkout", """{ "forced": [{ "variation": "on", "visitor": "anna" }, { "variation": "off" }] }""");

        (await site.TextAsync("live/explain?flag=checkout&visitor=anna")).ShouldStartWith("checkout for anna is on (Rule)");
        foreach (var other in (string[])["ben", "cleo", "dora", "emil"])
        {
            (await site.TextAsync($"live/explain?flag=checkout&visitor={other}")).ShouldStartWith($"checkout for {other} is off");
        }

        var rule = (await FlagAsync(site)).GetProperty("rules")[0];
        rule.GetProperty("experimentId").GetInt64().ShouldBe(77);
        rule.GetProperty("variationByExposition")[0].GetProperty("variationId").GetInt64().ShouldBe(701);
        (await site.StateAsync()).GetProperty("experiments")[0].GetProperty("variations")[0].GetProperty("share").GetDouble().ShouldBe(0.5);
    }

    [Theory]
    [InlineData("control/flags/nobody", """{ "enabled": true }""", "There is no flag \"nobody\".")]
    [InlineData("control/flags/checkout", """{ "forced": [{ "variation": "x" }] }""", "The flag \"checkout\" has no variation \"x\".")]
    [InlineData("control/flags/checkout", """{ "rules": { "2": { "weights": { "on": 0 } } } }""", "Traffic must be from 0 to 1")]
    [InlineData("control/flags/checkout", """{ "enabeld": true }""", "The body cannot be read")]
    [InlineData("control/faults/events", """{ "status": 200 }""", "status is from 400 to 599.")]
    [InlineData("control/faults/nowhere", """{ "drop": true }""", "There is no endpoint \"nowhere\".")]
    [InlineData("control/project", """{ "flags": { "a": { "default": "x" } } }""", "Line 1, flags.a.default: No variation")]
    public async Task What_cannot_be_is_refused_with_a_sentence_and_changes_nothing(string address, string body, string sentence)
    {
        await using var site = await SandboxSite.StartAsync();

        using var refused = await site.ControlAsync("PUT", address, body);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldStartWith(sentence);
        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
    }

    [Fact]
    public async Task Pages_of_other_origins_control_nothing()
    {
        await using var site = await SandboxSite.StartAsync();

        using var foreign = await site.Http.SendAsync(new(HttpMethod.Put, "control/flags/checkout")
        {
            Headers = { { "Origin", "https://evil.example" } },
            Content = new StringContent("""{ "enabled": false }"""),
        });

        foreign.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
    }

    [Fact]
    public async Task A_fault_lasts_for_as_many_requests_as_it_says()
    {
        await using var site = await SandboxSite.StartAsync();
        using var set = await site.ControlAsync(
            "PUT", "control/faults/events", """{ "status": 429, "retryAfter": 7, "body": "later", "times": 2 }""");

        using var first = await site.FromEngineAsync("anna", Page());
        using var second = await site.FromEngineAsync("anna", Page());
        using var third = await site.FromEngineAsync("anna", Page());

        (first.StatusCode, second.StatusCode, third.StatusCode).ShouldBe(
            (HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests, HttpStatusCode.NoContent));
        first.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(7));
        (await first.Content.ReadAsStringAsync()).ShouldBe("later");
    }

    [Fact]
    public async Task A_broken_connection_looks_like_one_and_is_noted()
    {
        await using var site = await SandboxSite.StartAsync();
        using var set = await site.ControlAsync("PUT", "control/faults/configuration", """{ "drop": true, "times": 1 }""");

        await Should.ThrowAsync<HttpRequestException>(() => site.GetAsync("v3/s"));

        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
        var hits = await site.JsonAsync("control/hits?endpoint=configuration");
        hits.EnumerateArray().Select(hit => hit.GetProperty("status").GetInt32()).ShouldBe([0, 200], ignoreOrder: true);
    }

    [Fact]
    public async Task A_delay_delays_and_then_answers()
    {
        await using var site = await SandboxSite.StartAsync();
        using var set = await site.ControlAsync("PUT", "control/faults/token", """{ "delayMs": 300 }""");

        using var token = await site.PostAsync("oauth/token");

        token.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await site.JsonAsync("control/hits?endpoint=token"))[0].GetProperty("milliseconds").GetDouble().ShouldBeGreaterThan(290);
    }

    [Fact]
    public async Task A_hit_keeps_what_was_asked_and_posted()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync(Page().Of("anna"));

        var hit = (await site.JsonAsync("control/hits"))[0];

        hit.GetProperty("endpoint").GetString().ShouldBe("events");
        hit.GetProperty("method").GetString().ShouldBe("POST");
        hit.GetProperty("url").GetString()!.ShouldStartWith("/visit/events?sdkName=CSHARP");
        hit.GetProperty("body").GetString()!.ShouldContain("visitorCode=anna");
        hit.GetProperty("headers").GetProperty("Content-Type").GetString()!.ShouldStartWith("text/plain");
    }

    [Fact]
    public async Task A_hit_says_how_its_events_were_understood_and_an_event_which_SDK_sent_it()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.PostAsync("visit/events?sdkName=javascript&visitorCode=anna", Exposure(), "eventType=juggle");

        var lines = (await site.JsonAsync("control/hits"))[0].GetProperty("lines");

        lines[0].GetProperty("fields").GetProperty("variationId").GetString().ShouldBe("701");
        lines[1].GetProperty("violations").GetArrayLength().ShouldBeGreaterThan(0);
        (await site.StateAsync()).GetProperty("events")[0].GetProperty("sdk").GetString().ShouldBe("javascript");
    }

    [Theory]
    [InlineData("v3/s", "configuration")]
    [InlineData("sse", "stream")]
    [InlineData("oauth/token", "token")]
    [InlineData("visit/forget", "forget")]
    [InlineData("ip", "ip")]
    [InlineData("geolocation", "geolocation")]
    [InlineData("sync", "sync")]
    public async Task A_preflight_is_answered_and_uses_up_no_fault(string address, string endpoint)
    {
        await using var site = await SandboxSite.StartAsync();
        using var set = await site.ControlAsync("PUT", $"control/faults/{endpoint}", """{ "status": 503, "times": 1 }""");
        using var request = new HttpRequestMessage(HttpMethod.Options, address)
        {
            Headers = { { "Origin", "https://shop.example" }, { "Access-Control-Request-Headers", "authorization" } },
        };

        using var allowed = await site.Http.SendAsync(request);

        allowed.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        allowed.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["authorization"]);
        (await site.JsonAsync("control/faults")).GetProperty(endpoint).GetProperty("times").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task Changes_of_many_callers_at_once_are_all_kept()
    {
        await using var site = await SandboxSite.StartAsync();
        var sandbox = site.Services.GetRequiredService<KameleoonSandbox>();

        await Parallel.ForAsync(0, 50, (i, _) =>
        {
            sandbox.ForceVariation("checkout", "on", $"visitor-{i}");
            sandbox.Advance(TimeSpan.FromSeconds(1));
            return ValueTask.CompletedTask;
        });

        var edit = (await site.StateAsync()).GetProperty("flags")[0].GetProperty("edit");
        edit.GetProperty("forced").GetArrayLength().ShouldBe(50);
        (await site.JsonAsync("control/clock")).GetProperty("aheadSeconds").GetDouble().ShouldBe(50);
    }

    [Fact]
    public async Task Visitors_on_whom_a_variation_was_forced_are_no_sign_of_a_wrong_spread()
    {
        await using var site = await SandboxSite.StartAsync();
        var sandbox = site.Services.GetRequiredService<KameleoonSandbox>();
        await site.FromServerAsync([.. Enumerable.Range(0, 20).Select(i => Exposure(variation: 700 + (i % 2)).Of($"chance-{i}"))]);

        sandbox.ForceVariation("checkout", "on");
        await site.FromServerAsync([.. Enumerable.Range(0, 200).Select(i => Exposure(variation: 701).Of($"forced-{i}"))]);
        sandbox.ClearFlags();

        var experiment = (await site.StateAsync()).GetProperty("experiments")[0];
        experiment.GetProperty("visitors").GetInt32().ShouldBe(220);
        experiment.GetProperty("forced").GetInt32().ShouldBe(200);
        experiment.GetProperty("ratio").GetProperty("verdict").GetString().ShouldBe("fine");
    }

    [Fact]
    public async Task Time_passes_at_a_command_and_ends_visits()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync("anna", Page());
        using var later = await site.ControlAsync("POST", "control/clock?advanceSeconds=1801");
        await site.FromEngineAsync("anna", Page());

        var visitor = (await site.StateAsync()).GetProperty("visitors")[0];

        visitor.GetProperty("visits").GetInt32().ShouldBe(2);
        JsonElement.Parse(await later.Content.ReadAsStringAsync()).GetProperty("aheadSeconds").GetDouble().ShouldBe(1801);
    }

    [Fact]
    public async Task A_reset_undoes_everything()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync("anna", Exposure());
        foreach (var (method, address, body) in new[]
        {
            ("PUT", "control/faults/map", """{ "status": 500 }"""), ("PUT", "control/flags/checkout", """{ "enabled": false }"""),
            ("POST", "control/clock?advanceSeconds=60", ""), ("PUT", "control/project", """{ "flags": {} }"""),
        })
        {
            using var done = await site.ControlAsync(method, address, body);
            done.IsSuccessStatusCode.ShouldBeTrue(address);
        }

        using var reset = await site.ControlAsync("POST", "control/reset");

        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
        var state = await site.StateAsync();
        state.GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(0);
        state.GetProperty("sandbox").GetRawText().ShouldBe("""{"storage":null,"aheadSeconds":0,"faults":{},"edits":0}""");
    }

    private static async Task<JsonElement> FlagAsync(SandboxSite site) =>
        (await site.JsonAsync("v3/s")).GetProperty("featureFlags")[0];
}
