using System.IO.Compression;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>What applications and pages ask over HTTP, and what nobody gets.</summary>
[Collection(nameof(Databases))]
public sealed class EndpointTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private Store _database = null!;
    private IdentitySite _site = null!;

    public async Task InitializeAsync()
    {
        _database = await Store.CreateAsync("SQLite", postgres);
        _site = await IdentitySite.StartAsync(_database.AddTo);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task A_signed_in_user_has_a_code_which_is_made_when_first_asked_for()
    {
        var code = await _site.VisitorAsync("anna");

        code.ShouldMatch("^[a-z0-9]{16}$");
        (await _site.VisitorAsync("anna")).ShouldBe(code);
        (await _site.VisitorAsync("bert") == code).ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET", "/kameleoon/visitor")]
    [InlineData("POST", "/kameleoon/visitor/sync")]
    [InlineData("POST", "/kameleoon/decisions")]
    [InlineData("GET", "/kameleoon/decisions")]
    [InlineData("POST", "/kameleoon/events")]
    public async Task Nobody_gets_an_answer_without_being_signed_in(string method, string path)
    {
        (await _site.SendAsync(new HttpMethod(method), path, code: "anybody")).Status.ShouldBe(401);
    }

    [Fact]
    public async Task An_application_that_tells_its_code_keeps_it_unless_the_user_has_one()
    {
        (await SyncAsync("anna", "phone")).ShouldBe((200, "phone Linked"));
        (await SyncAsync("anna", "phone")).ShouldBe((200, "phone Known"));
        (await SyncAsync("anna", "tablet")).ShouldBe((200, "phone Merged"));
        (await _site.GoAsync("anna", "laptop")).Code.ShouldBe("phone");
    }

    [Fact]
    public async Task A_code_of_somebody_else_is_refused_and_changes_nothing()
    {
        await SyncAsync("anna", "phone");

        var (status, problem) = await _site.SendAsync(
            HttpMethod.Post, "/kameleoon/visitor/sync", "mallory", """{"visitorCode":"phone"}""");

        status.ShouldBe(409);
        problem.GetProperty("title").GetString().ShouldBe("The visitor code belongs to another user.");
        (await _site.Identity.FindVisitorCodeAsync("mallory")).ShouldBeNull();
        (await _site.VisitorAsync("anna")).ShouldBe("phone");
    }

    [Theory]
    [InlineData("""{"visitorCode":"a b"}""", 400)]
    [InlineData("""{"visitorCode":"<script>"}""", 400)]
    [InlineData("""{"visitorCode":""}""", 400)]
    [InlineData("""{"visitorCode":null}""", 400)]
    [InlineData("""{"visitorCode":7}""", 400)]
    [InlineData("""{}""", 400)]
    [InlineData("null", 400)]
    [InlineData("{", 400)]
    public async Task What_is_no_code_is_a_problem_that_says_so(string body, int expected)
    {
        var (status, problem) = await _site.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "anna", body);

        status.ShouldBe(expected);
        problem.GetProperty("title").GetString().ShouldNotBeNullOrEmpty();
        problem.GetProperty("detail").GetString().ShouldNotBeNullOrEmpty();
        (await _site.Identity.FindVisitorCodeAsync("anna")).ShouldBeNull();
    }

    [Fact]
    public async Task A_body_that_is_too_large_or_no_json_is_refused()
    {
        var large = $$"""{"visitorCode":"{{new string('a', 70_000)}}"}""";

        (await _site.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "anna", large)).Status.ShouldBe(413);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/visitor/sync")
        {
            Content = new StringContent("visitorCode=forged", Encoding.UTF8, "application/x-www-form-urlencoded"),
            Headers = { { UserHeader.Name, "anna" } },
        };
        using var form = await _site.Http.SendAsync(request);
        ((int)form.StatusCode).ShouldBe(415);
    }

    [Fact]
    public async Task A_compressed_body_that_is_broken_is_refused()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, endpoints: group => group.AddEndpointFilter((call, next) =>
        {
            call.HttpContext.Request.Body = new GZipStream(call.HttpContext.Request.Body, CompressionMode.Decompress);
            return next(call);
        }));

        (await site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}")).Status.ShouldBe(400);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", 200)]
    [InlineData("Origin", "{this}", 200)]
    [InlineData("Sec-Fetch-Site", "same-site", 415)]
    [InlineData("Sec-Fetch-Site", "cross-site", 403)]
    [InlineData("Origin", "https://other.test", 415)]
    [InlineData("Origin", "null", 415)]
    [InlineData("X-Nothing", "", 415)]
    public async Task JSON_without_its_content_type_is_taken_from_pages_of_this_host_only(string header, string value, int expected)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/visitor/sync")
        {
            Content = new StringContent("""{"visitorCode":"browser1"}""", Encoding.UTF8, "text/plain"),
            Headers = { { UserHeader.Name, "anna" } },
        };
        request.Headers.TryAddWithoutValidation(
            header, value.Replace("{this}", _site.Http.BaseAddress!.GetLeftPart(UriPartial.Authority), StringComparison.Ordinal));

        using var response = await _site.Http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(expected);
        (await _site.Identity.FindVisitorCodeAsync("anna")).ShouldBe(expected == 200 ? "browser1" : null);
    }

    [Fact]
    public async Task A_user_id_of_a_megabyte_is_refused_logged_once_and_breaks_no_page()
    {
        var user = new string('u', 1 << 20);

        (await _site.GoAsync(user, "browser")).Code.ShouldBe("browser");
        var (status, problem) = await _site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", user);

        status.ShouldBe(400);
        problem.GetProperty("title").GetString().ShouldBe("The user id cannot be used.");
        _site.Log.Texts(603).ShouldHaveSingleItem().ShouldContain("1048576");
        await Should.ThrowAsync<ArgumentException>(async () => await _site.Identity.FindVisitorCodeAsync(user));
    }

    [Theory]
    [InlineData("\u0000")]
    [InlineData("a\nb")]
    public async Task A_user_id_with_control_characters_is_refused(string user)
    {
        (await _site.GoAsync(user, "browser")).Code.ShouldBe("browser");
        (await _site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", user)).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_user_id_is_limited_by_the_bytes_that_an_index_takes()
    {
        (await _site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", new string('山', 666))).Status.ShouldBe(200);
        (await _site.SendAsync(HttpMethod.Get, "/kameleoon/visitor", new string('山', 667))).Status.ShouldBe(400);
    }

    [Fact]
    public async Task An_application_gets_keys_ids_variables_and_experiments()
    {
        var (status, answer) = await _site.SendAsync(
            HttpMethod.Post, "/kameleoon/decisions", "anna", """{"keys":["checkout","nothing"]}""");

        status.ShouldBe(200);
        answer.GetProperty("visitorCode").GetString().ShouldBe(await _site.VisitorAsync("anna"));
        answer.GetProperty("decisions")[0].GetRawText().ShouldBe(
            """{"key":"checkout","variationKey":"on","variationId":81001,"experimentId":7001,"isActive":true,"reason":"Rule","variables":{"label":"Go"}}""");
        answer.GetProperty("decisions")[1].GetProperty("reason").GetString().ShouldBe("UnknownFlag");
        answer.TryGetProperty("queue", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_keys_every_flag_is_decided_and_too_many_are_refused()
    {
        var (_, all) = await _site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}");
        var many = string.Join(',', Enumerable.Range(0, 101).Select(i => $"\"k{i}\""));

        all.GetProperty("decisions").GetArrayLength().ShouldBe(1);
        (await _site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", $$"""{"keys":[{{many}}]}""")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task A_page_out_of_a_cache_gets_its_decisions_with_the_entries_for_the_engine()
    {
        await using var open = await IdentitySite.StartAsync(_database.AddTo, endpoints: group => group.AllowAnonymous());
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
        await using var open = await IdentitySite.StartAsync(_database.AddTo, endpoints: group => group.AllowAnonymous());
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

    [Fact]
    public async Task Another_site_cannot_make_its_visitors_see_experiments_here()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/decisions")
        {
            Headers = { { UserHeader.Name, "anna" }, { "Sec-Fetch-Dest", "image" }, { "Sec-Fetch-Site", "cross-site" } },
        };

        using var response = await _site.Http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(403);
    }

    [Fact]
    public async Task Events_of_an_application_count_once_however_often_they_are_sent()
    {
        var first = await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, key: "order-7");
        var again = await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, key: "order-7");
        var other = await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "bert", Bought, key: "order-7");

        (first.Status, first.Body.GetRawText()).ShouldBe((202, """{"accepted":1,"replayed":false}"""));
        again.Body.GetRawText().ShouldBe("""{"accepted":1,"replayed":true}""");
        other.Body.GetProperty("replayed").GetBoolean().ShouldBeFalse();
        _site.TakeEvents().Where(tracked => tracked.IsConversion)
            .Select(tracked => (tracked.Origin.VisitorCode, ((Conversion)tracked.Data!).GoalId, ((Conversion)tracked.Data!).Revenue))
            .ShouldBe(
                [(await _site.VisitorAsync("anna"), 3001, 19.90m), (await _site.VisitorAsync("bert"), 3001, 19.90m)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")]
    [InlineData("Googlebot/2.1")]
    public async Task A_signed_in_caller_with_another_person_s_cookie_is_answered_and_counted_as_themselves(string agent)
    {
        await SyncAsync("anna", "shared");
        _site.Http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        _site.Http.DefaultRequestHeaders.Add("Sec-Fetch-Dest", "empty");

        var (_, answer) = await _site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "bert", "{}", code: "shared");
        await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "bert", Bought, code: "shared");

        var berts = await _site.VisitorAsync("bert");
        (berts == "shared").ShouldBeFalse();
        answer.GetProperty("visitorCode").GetString().ShouldBe(berts);
        var conversions = new List<TrackingEvent>();
        await Eventually.IsTrueAsync(() =>
        {
            conversions.AddRange(_site.TakeEvents().Where(tracked => tracked.IsConversion));
            return conversions.Count > 0;
        });
        conversions.ShouldHaveSingleItem().Origin.VisitorCode.ShouldBe(berts);
    }

    [Fact]
    public async Task A_goal_may_have_the_id_0()
    {
        var (status, _) = await _site.SendAsync(
            HttpMethod.Post, "/kameleoon/events", "anna", """{"events":[{"type":"conversion","goalId":0}]}""");

        status.ShouldBe(202);
        _site.TakeEvents().ShouldContain(tracked => tracked.IsConversion);
    }

    [Theory]
    [InlineData("""{"events":[]}""", null)]
    [InlineData("""{"events":[null]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"conversion","goalId":1},{"type":"conversion"}]}""", "events[1]")]
    [InlineData("""{"events":[{"type":"conversion","goalId":-1}]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"customData","values":["a"]}]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"customData","index":1,"values":[null]}]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"pageView"}]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"exposure"}]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"other"}]}""", "events[0]")]
    [InlineData("""{"events":[{"type":"conversion","goalId":1e30}]}""", null)]
    public async Task Of_events_that_are_wrong_in_part_none_is_taken(string body, string? wrong)
    {
        var (status, problem) = await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", body);

        status.ShouldBe(400);
        if (wrong is not null)
        {
            problem.GetProperty("errors").TryGetProperty(wrong, out _).ShouldBeTrue();
        }

        _site.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public async Task Events_of_a_caller_who_hangs_up_while_their_key_is_written_are_taken()
    {
        using var patience = new CancellationTokenSource();
        await using var slow = await IdentitySite.StartAsync(
            _database.AddTo,
            services: services => services.AddSingleton<IIdempotencyKeyStore>(provider =>
                new KeysOfWhoHangsUp(provider.GetRequiredService<IHttpContextAccessor>(), patience)));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/events")
        {
            Content = new StringContent(
                """{"events":[{"type":"conversion","goalId":3001},{"type":"exposure","key":"checkout"}]}""",
                Encoding.UTF8,
                "application/json"),
            Headers =
            {
                { UserHeader.Name, "anna" },
                { "Cookie", "kameleoonVisitorCode=annas" },
                { EventsEndpoint.KeyHeader, "order-7" },
            },
        };

        await Should.ThrowAsync<OperationCanceledException>(() => slow.Http.SendAsync(request, patience.Token));

        var taken = new List<TrackingEvent>();
        await Eventually.IsTrueAsync(() =>
        {
            taken.AddRange(slow.TakeEvents());
            return taken.Any(tracked => tracked.IsConversion)
                && taken.Any(tracked => tracked.Kind == TrackingEventKind.Exposure);
        });
    }

    [Fact]
    public async Task An_exposure_of_an_unknown_flag_is_refused_before_its_request_counts_where_that_throws()
    {
        await using var strict = await IdentitySite.StartAsync(
            _database.AddTo, options => options.ThrowOnUnknownFeature = true);
        const string Mixed = """
            {"events":[{"type":"conversion","goalId":3001},{"type":"exposure","key":"nothing"},{"type":"exposure","key":"checkout"}]}
            """;

        var (status, problem) = await strict.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Mixed, key: "order-7");

        status.ShouldBe(400);
        problem.GetProperty("errors").EnumerateObject().ShouldHaveSingleItem().Name.ShouldBe("events[1]");
        strict.TakeEvents().ShouldBeEmpty();
        var mended = Mixed.Replace("nothing", "checkout", StringComparison.Ordinal);
        (await strict.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", mended, key: "order-7"))
            .Body.GetProperty("replayed").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("GET")]
    public async Task Where_an_unknown_flag_throws_the_flags_asked_for_beside_it_are_not_exposed(string method)
    {
        await using var strict = await IdentitySite.StartAsync(
            _database.AddTo, options => options.ThrowOnUnknownFeature = true);

        var (status, _) = method == "POST"
            ? await strict.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", """{"keys":["checkout","nothing"]}""")
            : await strict.SendAsync(HttpMethod.Get, "/kameleoon/decisions?key=checkout&key=nothing", "anna", code: "annas");

        status.ShouldBe(400);
        await strict.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas");
        strict.TakeEvents().ShouldNotContain(reported => reported.Kind == TrackingEventKind.Exposure);
    }

    [Fact]
    public async Task An_application_tells_data_pages_and_what_it_has_shown()
    {
        var (status, _) = await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", """
            { "events": [
              { "type": "customData", "index": 3, "values": ["gold"] },
              { "type": "pageView", "address": "app://cart", "title": "Cart" },
              { "type": "exposure", "key": "checkout" } ] }
            """);

        status.ShouldBe(202);
        var known = _site.App.Services.GetRequiredService<VisitorStore>().Find(await _site.VisitorAsync("anna"))!.Record;
        known.Known.CustomData.Find(3).ShouldBe(["gold"]);
        known.Known.LatestPage!.Value.Address.ShouldBe("app://cart");
        known.Assignments.ShouldHaveSingleItem().VariationId.ShouldBe(81001);
    }

    [Theory]
    [InlineData("GET", "/kameleoon/visitor", null)]
    [InlineData("POST", "/kameleoon/visitor/sync", """{"visitorCode":"phone"}""")]
    [InlineData("POST", "/kameleoon/decisions", "{}")]
    [InlineData("POST", "/kameleoon/events", Bought)]
    public async Task Nobody_is_linked_by_an_endpoint_before_agreeing_where_that_is_required(
        string method, string path, string? body)
    {
        var agreed = new Agreed();
        await using var site = await IdentitySite.StartAsync(
            _database.AddTo,
            dataFile: IdentitySite.Experiments.Replace("NOT_REQUIRED", "REQUIRED", StringComparison.Ordinal),
            services: services => services.AddSingleton<IKameleoonConsentProvider>(agreed));

        var (status, problem) = await site.SendAsync(new HttpMethod(method), path, "anna", body);

        (status, problem.GetProperty("title").GetString()).ShouldBe((403, "The person has not agreed."));
        (await site.Identity.ExportAsync("anna")).ShouldBeEmpty();
        agreed.Answer = true;
        (await site.SendAsync(new HttpMethod(method), path, "anna", body)).Status.ShouldBeInRange(200, 202);
        (await site.Identity.ExportAsync("anna")).ShouldHaveSingleItem();
    }

    [Fact]
    public void Every_endpoint_is_described_for_open_api()
    {
        var endpoints = _site.App.Services.GetRequiredService<EndpointDataSource>().Endpoints
            .Where(endpoint => endpoint.Metadata.GetMetadata<IEndpointNameMetadata>()?.EndpointName
                .StartsWith("Kameleoon", StringComparison.Ordinal) == true).ToList();

        endpoints.Count.ShouldBe(5);
        endpoints.ShouldAllBe(endpoint =>
            endpoint.Metadata.GetMetadata<IEndpointSummaryMetadata>() != null
            && endpoint.Metadata.GetMetadata<System.Reflection.MethodInfo>() != null
            && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode < 300)
            && endpoint.Metadata.GetOrderedMetadata<IProducesResponseTypeMetadata>().Any(answer => answer.StatusCode == 401));
        endpoints.Count(endpoint => endpoint.Metadata.GetMetadata<IAcceptsMetadata>() != null).ShouldBe(3);
    }

    [Fact]
    public async Task An_explorer_of_apis_lists_them()
    {
        await using var described = await IdentitySite.StartAsync(
            _database.AddTo, services: services => services.AddEndpointsApiExplorer());

        var apis = described.App.Services.GetRequiredService<IApiDescriptionGroupCollectionProvider>()
            .ApiDescriptionGroups.Items.SelectMany(group => group.Items)
            .Select(api => $"{api.HttpMethod} {api.RelativePath}");

        apis.Where(api => api.Contains("kameleoon/", StringComparison.Ordinal)).Order(StringComparer.Ordinal).ShouldBe(
            ["GET kameleoon/decisions", "GET kameleoon/visitor", "POST kameleoon/decisions", "POST kameleoon/events",
            "POST kameleoon/visitor/sync"]);
    }

    [Fact]
    public async Task Their_document_names_what_stands_in_addresses_and_headers()
    {
        await using var described = await IdentitySite.StartAsync(
            _database.AddTo, services: services => services.AddOpenApi(), endpoints: group => group.MapOpenApi());

        var (_, document) = await described.SendAsync(HttpMethod.Get, "/kameleoon/openapi/v1.json", "anna");

        var paths = document.GetProperty("paths");
        Parameters("/kameleoon/decisions", "get").ShouldBe(["query key array"]);
        Parameters("/kameleoon/events", "post").ShouldBe(["header Idempotency-Key string"]);
        paths.GetProperty("/kameleoon/events").GetProperty("post").GetProperty("requestBody").GetRawText()
            .ShouldContain("EventsRequest");
        paths.GetProperty("/kameleoon/visitor").GetProperty("get").TryGetProperty("parameters", out _).ShouldBeFalse();

        IEnumerable<string> Parameters(string path, string method) => paths.GetProperty(path).GetProperty(method)
            .GetProperty("parameters").EnumerateArray().Select(parameter =>
                $"{parameter.GetProperty("in")} {parameter.GetProperty("name")} {parameter.GetProperty("schema").GetProperty("type")}");
    }

    private const string Bought = """{"events":[{"type":"conversion","goalId":3001,"revenue":19.90}]}""";

    private async Task<(int Status, string Answer)> SyncAsync(string user, string code)
    {
        var (status, body) = await _site.SendAsync(
            HttpMethod.Post, "/kameleoon/visitor/sync", user, $$"""{"visitorCode":"{{code}}"}""");
        return (status, $"{body.GetProperty("visitorCode")} {body.GetProperty("outcome").GetString()}");
    }

    /// <summary>Takes a key whose caller hangs up meanwhile, and says so a moment later to who still listens.</summary>
    private sealed class KeysOfWhoHangsUp(IHttpContextAccessor requests, CancellationTokenSource patience) : IIdempotencyKeyStore
    {
        public async ValueTask<IdempotencyClaim> ClaimAsync(
            IdempotencyKey key, string content, CancellationToken cancellationToken)
        {
            var hungUp = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            await using var registration = requests.HttpContext!.RequestAborted.Register(hungUp.SetResult);
            await patience.CancelAsync();
            await hungUp.Task;
            await Task.Delay(TimeSpan.FromMilliseconds(100), cancellationToken);
            return IdempotencyClaim.New;
        }

        public ValueTask<string?> FindCallerAsync(
            IReadOnlyCollection<string> callers, string key, string content, CancellationToken cancellationToken) => default;

        public ValueTask ConfirmAsync(IdempotencyKey key, CancellationToken cancellationToken) => default;

        public ValueTask ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken) => default;
    }

    private sealed class Agreed : IKameleoonConsentProvider
    {
        internal bool? Answer { get; set; }

        public bool? GetConsent(HttpContext context) => Answer;
    }
}
