namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Applications and pages out of a cache get decisions.</summary>
[Collection(nameof(Databases))]
public sealed class DecisionsEndpointTests(PostgreSqlServer postgres) : EndpointTests(postgres)
{
    [Fact]
    public async Task An_application_gets_keys_ids_variables_and_experiments()
    {
        var (status, answer) = await Site.SendAsync(
            HttpMethod.Post, "/kameleoon/decisions", "anna", """{"keys":["checkout","nothing"]}""");

        status.ShouldBe(200);
        answer.GetProperty("visitorCode").GetString().ShouldBe(await Site.VisitorAsync("anna"));
        answer.GetProperty("decisions")[0].GetRawText().ShouldBe(
            """{"key":"checkout","variationKey":"on","variationId":81001,"experimentId":7001,"isActive":true,"reason":"Rule","variables":{"label":"Go"}}""");
        answer.GetProperty("decisions")[1].GetProperty("reason").GetString().ShouldBe("UnknownFlag");
        answer.TryGetProperty("queue", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_keys_every_flag_is_decided_and_too_many_are_refused()
    {
        var (_, all) = await Site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}");
        var many = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"k{i}\""));

        all.GetProperty("decisions").GetArrayLength().ShouldBe(1);
        (await Site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", $$"""{"keys":[{{many}}]}""")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Where_an_unknown_flag_throws_the_flags_asked_for_beside_it_are_not_exposed(string method)
    {
        await using var strict = await IdentitySite.StartAsync(
            Database.AddTo, options => options.ThrowOnUnknownFeature = true);

        var (status, _) = method == "POST"
            ? await strict.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", """{"keys":["checkout","nothing"]}""")
            : await strict.SendAsync(HttpMethod.Get, "/kameleoon/decisions?key=checkout&key=nothing", "anna", code: "annas");

        status.ShouldBe(400);
        await strict.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas");
        strict.TakeEvents().ShouldNotContain(reported => reported.Kind == TrackingEventKind.Exposure);
    }

    [Fact]
    public async Task A_page_out_of_a_cache_gets_its_decisions_with_the_entries_for_the_engine()
    {
        await using var open = await IdentitySite.StartAsync(Database.AddTo, endpoints: group => group.AllowAnonymous());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/decisions?key=checkout")
        {
            Headers = { { "Cookie", "kameleoonVisitorCode=cached" }, { "Sec-Fetch-Dest", "empty" }, { "Sec-Fetch-Site", "same-origin" } },
        };

        using var response = await open.Http.SendAsync(request);

        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        var json = await response.Content.ReadAsStringAsync();
        json.ShouldContain("\"visitorCode\":\"cached\"");
        json.ShouldContain("""[["Experiments.assignVariation",7001,81001,true],["Experiments.trigger",7001,true]]""");
    }

    [Fact]
    public async Task A_visitor_whose_page_came_out_of_a_cache_gets_code_and_cookie_with_the_decisions()
    {
        await using var open = await IdentitySite.StartAsync(Database.AddTo, endpoints: group => group.AllowAnonymous());
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/decisions?key=checkout")
        {
            Headers = { { "Sec-Fetch-Dest", "empty" }, { "Sec-Fetch-Site", "same-origin" } },
        };

        using var response = await open.Http.SendAsync(request);

        var cookie = response.Headers.GetValues("Set-Cookie").First().Split('=', ';')[1];
        (await response.Content.ReadAsStringAsync()).ShouldContain(
            $$"""[{"level":"IMMEDIATE","command":["Visitor.setVisitorCode","{{cookie}}"]},["Experiments.assignVariation",""");
        (await open.SendAsync(HttpMethod.Get, "/kameleoon/visitor", code: "cached")).Status.ShouldBe(401);
        (await open.SendAsync(HttpMethod.Post, "/kameleoon/events", json: Bought)).Status.ShouldBe(400);
        (await open.SendAsync(HttpMethod.Post, "/kameleoon/events", json: Bought, code: "cached")).Status.ShouldBe(202);
    }
}
