using System.Net;
using System.Text.Json;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class EventsTests
{
    [Fact]
    public async Task A_line_ends_at_a_line_feed_and_at_no_other_separator()
    {
        await using var site = await SandboxSite.StartAsync();

        await site.FromServerAsync((Page() + "&title=One\u2028Two").Of("anna") + "\r", Page().Of("ben"));

        var events = (await site.StateAsync()).GetProperty("events");
        events.EnumerateArray().Select(entry => (
            entry.GetProperty("visitorCode").GetString(),
            entry.GetProperty("violations").GetArrayLength())).ShouldBe([("ben", 0), ("anna", 0)]);
    }

    [Fact]
    public async Task Exposures_are_counted_under_the_names_of_the_data_file_and_by_sender()
    {
        await using var site = await SandboxSite.StartAsync();

        using var engine = await site.FromEngineAsync("anna", Page(), Exposure(variation: 701));
        using var server = await site.FromServerAsync(
            Exposure(variation: 700).Of("ben"),
            Exposure(variation: 700).Of("ben"),
            Exposure(variation: 701).Of("cleo"));

        engine.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        server.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var state = await site.StateAsync();
        var experiment = state.GetProperty("experiments")[0];
        experiment.GetProperty("flag").GetString().ShouldBe("checkout");
        Figures(experiment.GetProperty("variations")[0]).ShouldBe(("off", 1, 0, 1, 2));
        Figures(experiment.GetProperty("variations")[1]).ShouldBe(("on", 2, 1, 1, 1));
        state.GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(3);
        state.GetProperty("totals").GetProperty("exposures").GetInt32().ShouldBe(4);
    }

    [Fact]
    public async Task Each_event_keeps_its_sender_visitor_names_and_decoded_fields()
    {
        await using var site = await SandboxSite.StartAsync();

        await site.FromEngineAsync("anna", Exposure());
        await site.FromServerAsync($"eventType=page&nonce={Nonce()}&href=%2Fa%20b&title=%C3%A9%26%0A&visitorCode=ben");

        var events = (await site.StateAsync()).GetProperty("events");
        var page = events[0];
        page.GetProperty("sender").GetString().ShouldBe("server");
        page.GetProperty("visitorCode").GetString().ShouldBe("ben");
        page.GetProperty("fields").GetProperty("href").GetString().ShouldBe("/a b");
        page.GetProperty("fields").GetProperty("title").GetString().ShouldBe("é&\n");
        var exposure = events[1];
        exposure.GetProperty("sender").GetString().ShouldBe("engine");
        exposure.GetProperty("flag").GetString().ShouldBe("checkout");
        exposure.GetProperty("variation").GetString().ShouldBe("on");
    }

    [Fact]
    public async Task A_visitor_whom_both_senders_report_is_one_visitor_and_marked()
    {
        await using var site = await SandboxSite.StartAsync();

        await site.FromEngineAsync("anna", Exposure());
        await site.FromServerAsync(Exposure().Of("anna"));

        var variation = (await site.StateAsync()).GetProperty("experiments")[0].GetProperty("variations")[1];
        variation.GetProperty("visitors").GetInt32().ShouldBe(1);
        variation.GetProperty("both").GetInt32().ShouldBe(1);
    }

    [Fact]
    public async Task An_experiment_the_data_file_does_not_know_is_shown_by_its_numbers()
    {
        await using var site = await SandboxSite.StartAsync();

        await site.FromEngineAsync("anna", Exposure(experiment: 999, variation: 1));

        var unknown = (await site.StateAsync()).GetProperty("experiments")[1];
        unknown.GetProperty("id").GetInt64().ShouldBe(999);
        unknown.GetProperty("flag").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task The_reference_of_a_flag_is_its_default_whatever_the_numbers()
    {
        await using var site = await SandboxSite.StartAsync(
            dataFile: Json.Replace("701", "7", StringComparison.Ordinal));
        await site.FromServerAsync(Exposure(variation: 7).Of("anna"), Exposure(variation: 700).Of("ben"));

        var variations = (await site.StateAsync()).GetProperty("experiments")[0].GetProperty("variations");

        variations.EnumerateArray().Select(one => one.GetProperty("key").GetString()).ShouldBe(["off", "on"]);
    }

    [Fact]
    public async Task The_holdout_of_a_data_file_has_names()
    {
        const string Holdout = """
            "holdout": { "experimentId": 9000, "variationByExposition": [
              { "variationKey": "in-holdout", "variationId": 9001, "exposition": 0.1 },
              { "variationKey": "not-in-holdout", "variationId": 9002, "exposition": 0.9 }] },
            "featureFlags"
            """;
        await using var site = await SandboxSite.StartAsync(
            dataFile: Json.Replace("\"featureFlags\"", Holdout, StringComparison.Ordinal));
        await site.FromServerAsync(Exposure(9000, 9001).Of("anna"));

        var experiment = (await site.StateAsync()).GetProperty("experiments").EnumerateArray()
            .First(one => one.GetProperty("id").GetInt64() == 9000);

        experiment.GetProperty("kind").GetString().ShouldBe("holdout");
        experiment.GetProperty("variations")[0].GetProperty("key").GetString().ShouldBe("in-holdout");
    }

    [Fact]
    public async Task Revenue_is_exact_and_a_conversion_that_is_taken_back_leaves_it()
    {
        await using var site = await SandboxSite.StartAsync();

        await site.FromServerAsync(
            Conversion(revenue: "0.1").Of("a"), Conversion(revenue: "0.2").Of("a"), Conversion(revenue: "10").Of("a"),
            Conversion(revenue: "-10", negative: "true").Of("a"));

        var state = await site.StateAsync();
        var goal = state.GetProperty("goals")[0];
        goal.GetProperty("goalId").GetInt64().ShouldBe(5);
        goal.GetProperty("conversions").GetInt64().ShouldBe(3);
        goal.GetProperty("cancelled").GetInt64().ShouldBe(1);
        goal.GetProperty("revenue").GetDecimal().ShouldBe(0.3m);
        state.GetProperty("totals").GetProperty("conversions").GetInt64().ShouldBe(2);
    }

    [Fact]
    public async Task An_event_that_is_sent_twice_counts_once()
    {
        await using var site = await SandboxSite.StartAsync();
        var line = Exposure().Of("anna");

        await site.FromServerAsync(line);
        using var again = await site.FromServerAsync(line);

        again.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var state = await site.StateAsync();
        state.GetProperty("totals").GetProperty("exposures").GetInt32().ShouldBe(1);
        state.GetProperty("totals").GetProperty("violations").GetInt32().ShouldBe(1);
        var second = state.GetProperty("events")[0];
        second.GetProperty("counted").GetBoolean().ShouldBeFalse();
        second.GetProperty("violations")[0].GetString()!.ShouldContain("nonce was received before");
    }

    [Fact]
    public async Task A_malformed_line_is_recorded_and_the_others_still_count()
    {
        await using var site = await SandboxSite.StartAsync();

        using var response = await site.FromEngineAsync("anna", "rubbish", Exposure(), "", "eventType=experiment&id=x");

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        var state = await site.StateAsync();
        state.GetProperty("totals").GetProperty("exposures").GetInt32().ShouldBe(1);
        state.GetProperty("totals").GetProperty("violations").GetInt32().ShouldBe(2);
        state.GetProperty("events").GetArrayLength().ShouldBe(3);
    }

    [Fact]
    public async Task A_body_of_3_MB_is_taken_and_a_larger_one_refused()
    {
        await using var site = await SandboxSite.StartAsync();
        var line = Exposure().Of("anna") + "\n";
        var full = line.PadRight(EventsEndpoint.MaxBodyBytes, '\n');

        using var taken = await site.FromServerAsync(full);
        using var refused = await site.FromServerAsync(full + "\n");
        using var chunked = await site.Http.SendAsync(new(HttpMethod.Post, "visit/events?engine=true")
        {
            Headers = { TransferEncodingChunked = true },
            Content = new StringContent(full + "\n"),
        });

        taken.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        refused.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        refused.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        chunked.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }

    [Fact]
    public async Task A_page_of_another_origin_may_post_events()
    {
        await using var site = await SandboxSite.StartAsync();

        using var preflight = await site.Http.SendAsync(new(HttpMethod.Options, "visit/events?engine=true")
        {
            Headers =
            {
                { "Origin", "https://shop.example" },
                { "Access-Control-Request-Method", "POST" },
                { "Access-Control-Request-Headers", "authorization,content-type" },
            },
        });
        using var post = await site.FromEngineAsync("anna", Page());

        preflight.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        preflight.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
        preflight.Headers.GetValues("Access-Control-Allow-Methods").ShouldBe(["GET, POST, OPTIONS"]);
        preflight.Headers.GetValues("Access-Control-Allow-Headers").ShouldBe(["authorization,content-type"]);
        post.Headers.GetValues("Access-Control-Allow-Origin").ShouldBe(["*"]);
    }

    private static (string? Key, int Visitors, int Engine, int Server, int ServerExposures) Figures(
        JsonElement variation) => (
        variation.GetProperty("key").GetString(),
        variation.GetProperty("visitors").GetInt32(),
        variation.GetProperty("engine").GetProperty("visitors").GetInt32(),
        variation.GetProperty("server").GetProperty("visitors").GetInt32(),
        variation.GetProperty("server").GetProperty("exposures").GetInt32());
}
