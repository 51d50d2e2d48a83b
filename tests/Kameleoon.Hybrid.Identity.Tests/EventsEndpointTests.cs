using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>Events that applications send are counted once and for their sender, or refused together.</summary>
[Collection(nameof(Databases))]
public sealed class EventsEndpointTests(PostgreSqlServer postgres) : EndpointTests(postgres)
{
    [Fact]
    public async Task Events_of_an_application_count_once_however_often_they_are_sent()
    {
        var first = await Site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, key: "order-7");
        var again = await Site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, key: "order-7");
        var other = await Site.SendAsync(HttpMethod.Post, "/kameleoon/events", "bert", Bought, key: "order-7");

        (first.Status, first.Body.GetRawText()).ShouldBe((202, """{"accepted":1,"replayed":false}"""));
        again.Body.GetRawText().ShouldBe("""{"accepted":1,"replayed":true}""");
        other.Body.GetProperty("replayed").GetBoolean().ShouldBeFalse();
        Site.TakeEvents().Where(tracked => tracked.IsConversion)
            .Select(tracked => (tracked.Origin.VisitorCode, ((Conversion)tracked.Data!).GoalId, ((Conversion)tracked.Data!).Revenue))
            .ShouldBe(
                [(await Site.VisitorAsync("anna"), 3001, 19.90m), (await Site.VisitorAsync("bert"), 3001, 19.90m)], ignoreOrder: true);
    }

    [Theory]
    [InlineData("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")]
    [InlineData("Googlebot/2.1")]
    public async Task A_signed_in_caller_with_another_person_s_cookie_is_answered_and_counted_as_themselves(string agent)
    {
        await SyncAsync("anna", "shared");
        Site.Http.DefaultRequestHeaders.UserAgent.ParseAdd(agent);
        Site.Http.DefaultRequestHeaders.Add("Sec-Fetch-Dest", "empty");

        var (_, answer) = await Site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "bert", "{}", code: "shared");
        await Site.SendAsync(HttpMethod.Post, "/kameleoon/events", "bert", Bought, code: "shared");

        var berts = await Site.VisitorAsync("bert");
        (berts == "shared").ShouldBeFalse();
        answer.GetProperty("visitorCode").GetString().ShouldBe(berts);
        var conversions = new List<TrackingEvent>();
        await Eventually.IsTrueAsync(() =>
        {
            conversions.AddRange(Site.TakeEvents().Where(tracked => tracked.IsConversion));
            return conversions.Count > 0;
        });
        conversions.ShouldHaveSingleItem().Origin.VisitorCode.ShouldBe(berts);
    }

    [Fact]
    public async Task A_goal_may_have_the_id_0()
    {
        var (status, _) = await Site.SendAsync(
            HttpMethod.Post, "/kameleoon/events", "anna", """{"events":[{"type":"conversion","goalId":0}]}""");

        status.ShouldBe(202);
        Site.TakeEvents().ShouldContain(tracked => tracked.IsConversion);
    }

    [Fact]
    public async Task An_application_tells_data_pages_and_what_it_has_shown()
    {
        var (status, _) = await Site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", """
            { "events": [
              { "type": "customData", "index": 3, "values": ["gold"] },
              { "type": "pageView", "address": "app://cart", "title": "Cart" },
              { "type": "exposure", "key": "checkout" } ] }
            """);

        status.ShouldBe(202);
        var known = Site.App.Services.GetRequiredService<VisitorStore>().Find(await Site.VisitorAsync("anna"))!.Record;
        known.Known.CustomData.Find(3).ShouldBe(["gold"]);
        known.Known.LatestPage!.Value.Address.ShouldBe("app://cart");
        known.Assignments.ShouldHaveSingleItem().VariationId.ShouldBe(81001);
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
        var (status, problem) = await Site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", body);

        status.ShouldBe(400);
        if (wrong is not null)
        {
            problem.GetProperty("errors").TryGetProperty(wrong, out _).ShouldBeTrue();
        }

        Site.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exposure_of_an_unknown_flag_is_refused_before_its_request_counts_where_that_throws()
    {
        await using var strict = await IdentitySite.StartAsync(
            Database.AddTo, options => options.ThrowOnUnknownFeature = true);
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

    [Fact]
    public async Task Events_of_a_caller_who_hangs_up_while_their_key_is_written_are_taken()
    {
        using var patience = new CancellationTokenSource();
        await using var slow = await IdentitySite.StartAsync(
            Database.AddTo,
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
}
