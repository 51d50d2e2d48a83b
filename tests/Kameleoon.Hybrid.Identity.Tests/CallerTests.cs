using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Who a caller of the endpoints is, and what holds for that person.</summary>
[Collection(nameof(Databases))]
public sealed class CallerTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":3001}]}""";

    private static readonly string Required =
        IdentitySite.Experiments.Replace("NOT_REQUIRED", "REQUIRED", StringComparison.Ordinal);

    private Store _database = null!;

    public async Task InitializeAsync() => _database = await Store.CreateAsync("SQLite", postgres);

    public Task DisposeAsync()
    {
        _database.Dispose();
        return Task.CompletedTask;
    }

    [Theory]
    [InlineData(null)]
    [InlineData("berts")]
    public async Task An_application_that_brings_no_code_of_its_own_is_no_bot_in_any_of_its_calls(string? cookie)
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, options => options.Bots.Detect = true);
        await site.Identity.LinkAsync("bert", "berts");
        site.Http.DefaultRequestHeaders.UserAgent.ParseAdd("OurApp/1.0");
        site.App.Services.GetRequiredService<BotFilter>().IsBot(new DefaultHttpContext
        {
            Request = { Headers = { UserAgent = "OurApp/1.0" } },
        }.Request).ShouldBeTrue();

        var tracked = new List<TrackingEvent>();
        for (var call = 1; call <= 3; call++)
        {
            (await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: cookie)).Status.ShouldBe(202);
            (await site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}", code: cookie)).Status.ShouldBe(200);
            tracked.AddRange(site.TakeEvents());
        }

        await Eventually.IsTrueAsync(() =>
        {
            tracked.AddRange(site.TakeEvents());
            return tracked.Count(one => one.IsConversion) == 3 && tracked.Exists(one => one.Kind == TrackingEventKind.Exposure);
        }, () => string.Join(", ", tracked.Select(one => $"{one.Kind} {one.Origin.VisitorCode}")));
        var annas = await site.VisitorAsync("anna");
        tracked.ShouldAllBe(one => one.Origin.VisitorCode == annas);
    }

    [Fact]
    public async Task The_code_by_which_the_back_end_itself_knows_a_user_is_the_caller_s_whatever_calls()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, options =>
        {
            options.Bots.Detect = true;
            options.LinkedVisitorCode = _ => new("known");
        });
        site.Http.DefaultRequestHeaders.UserAgent.ParseAdd("OurApp/1.0");

        var (_, answer) = await site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}");
        await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought);

        answer.GetProperty("visitorCode").GetString().ShouldBe("known");
        answer.GetProperty("decisions")[0].GetProperty("reason").GetString().ShouldBe("Rule");
        site.TakeEvents().Single(tracked => tracked.IsConversion).Origin.VisitorCode.ShouldBe("known");
    }

    [Fact]
    public async Task An_application_gets_no_cookie_with_its_answers()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo);
        await site.Identity.LinkAsync("anna", "annas");
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/decisions")
        {
            Content = new StringContent("{}", Encoding.UTF8, "application/json"),
            Headers = { { UserHeader.Name, "anna" } },
        };

        using var response = await site.Http.SendAsync(request);

        (await response.Content.ReadAsStringAsync()).ShouldContain("\"visitorCode\":\"annas\"");
        response.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData(true, null)]
    [InlineData(false, null)]
    [InlineData(true, "OurApp/1.0")]
    [InlineData(false, "OurApp/1.0")]
    public async Task A_refusal_that_the_request_tells_counts_for_the_person_behind_it(bool byProvider, string? agent)
    {
        var said = new Said { Answer = byProvider ? false : null };
        await using var site = await IdentitySite.StartAsync(
            _database.AddTo,
            endpoints: byProvider ? null : group => group.AddEndpointFilter(async (call, next) =>
            {
                call.HttpContext.RequestServices.GetRequiredService<IKameleoonClient>().SetLegalConsent(false);
                return await next(call);
            }),
            dataFile: Required,
            services: services => services.AddSingleton<IKameleoonConsentProvider>(said));
        await site.Identity.LinkAsync("anna", "annas");
        site.Http.DefaultRequestHeaders.TryAddWithoutValidation("User-Agent", agent);

        var (status, answer) = await site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}");

        status.ShouldBe(200);
        answer.GetProperty("visitorCode").GetString().ShouldBe("annas");
        answer.GetProperty("decisions")[0].GetProperty("reason").GetString().ShouldBe("Consent");
        site.App.Services.GetRequiredService<VisitorStore>().Find("annas")!.Record.Known.Consent.ToString().ShouldBe("Refused");
    }

    [Fact]
    public async Task What_other_servers_were_told_of_the_person_is_known_to_the_first_call_of_an_application()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions(), dataFile: Required);
        await using var b = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions(), dataFile: Required);
        await a.Identity.LinkAsync("anna", "annas");
        a.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("annas").SetLegalConsent(false);
        await Eventually.IsTrueAsync(async () => await database.ExecuteAsync(
            "SELECT COUNT(*) FROM kameleoon_visitor_sessions WHERE name = 'consent' AND visitor_code = 'annas'") == 1);
        b.Http.DefaultRequestHeaders.UserAgent.ParseAdd("OurApp/1.0");

        var (_, answer) = await b.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna", "{}");

        answer.GetProperty("decisions")[0].GetProperty("reason").GetString().ShouldBe("Consent");
    }

    [Fact]
    public async Task What_identifies_the_person_is_reported_also_by_a_server_that_heard_of_it_from_another_one()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        await using var b = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddSharedSessions());
        await a.GoAsync("anna", "annas");
        await Eventually.IsTrueAsync(async () => await database.ExecuteAsync(
            "SELECT COUNT(*) FROM kameleoon_visitor_sessions WHERE name = 'data:7' AND visitor_code = 'annas'") == 1);

        await b.GoAsync("anna", "annas");
        (await b.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas")).Status.ShouldBe(202);

        b.TakeEvents().ShouldContain(tracked => tracked.Kind == TrackingEventKind.CustomData && tracked.Origin.VisitorCode == "annas");
    }

    [Fact]
    public async Task Who_has_not_agreed_is_not_counted_under_another_person_s_cookie()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, dataFile: Required);
        await site.Identity.LinkAsync("anna", "shared");

        var page = await site.GoAsync("bert", "shared");
        var answer = await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "bert", Bought, code: "shared");

        page.Code.ShouldMatch("^[a-z0-9]{16}$");
        answer.Status.ShouldBe(403);
        site.TakeEvents().ShouldNotContain(tracked => tracked.Origin.VisitorCode == "shared");
        (await site.Identity.ExportAsync("bert")).ShouldBeEmpty();
        (await site.GoAsync("bert", "nobodys")).Code.ShouldBe("nobodys");
        (await site.GoAsync("anna", "shared")).Code.ShouldBe("shared");
    }

    [Fact]
    public async Task A_browser_tells_its_own_code_only()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo);

        var (status, problem) = await site.SendAsync(
            HttpMethod.Post, "/kameleoon/visitor/sync", "mallory", """{"visitorCode":"victims"}""", code: "mine");

        (status, problem.GetProperty("title").GetString()).ShouldBe((400, "The cookie says another visitor code."));
        (await site.Identity.ExportAsync("mallory")).ShouldHaveSingleItem().VisitorCode.ShouldBe("mine");
        (await site.SendAsync(HttpMethod.Post, "/kameleoon/visitor/sync", "mallory", """{"visitorCode":"mine"}""", code: "mine"))
            .Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_another_visitor_agreed_to_is_not_the_caller_s_consent()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, dataFile: Required);
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("victims").SetLegalConsent(true);

        var (status, _) = await site.SendAsync(
            HttpMethod.Post, "/kameleoon/visitor/sync", "mallory", """{"visitorCode":"victims"}""");

        status.ShouldBe(403);
        (await site.Identity.ExportAsync("mallory")).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("https://partner.example", true, 200)]
    [InlineData("https://evil.example", true, 403)]
    [InlineData("https://partner.example", false, 403)]
    public async Task Another_site_s_script_is_answered_only_where_the_endpoints_accept_its_origin(
        string origin, bool hasPolicy, int expected)
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, endpoints: group =>
        {
            if (hasPolicy)
            {
                group.RequireCors(policy => policy.WithOrigins("https://partner.example").AllowCredentials());
            }
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/decisions?key=checkout")
        {
            Headers =
            {
                { UserHeader.Name, "anna" }, { "Origin", origin }, { "Sec-Fetch-Site", "cross-site" }, { "Sec-Fetch-Dest", "empty" },
            },
        };

        using var response = await site.Http.SendAsync(request);

        ((int)response.StatusCode).ShouldBe(expected);
    }

    private sealed class Said : IKameleoonConsentProvider
    {
        internal bool? Answer { get; set; }

        public bool? GetConsent(HttpContext context) => Answer;
    }
}
