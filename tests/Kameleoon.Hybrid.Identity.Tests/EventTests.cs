namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>What events may say, and what they may not.</summary>
[Collection(nameof(Databases))]
public sealed class EventTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":3001,"revenue":19.90}]}""";

    private Store _database = null!;
    private IdentitySite _site = null!;

    private VisitorStore Visitors => _site.App.Services.GetRequiredService<VisitorStore>();

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

    [Theory]
    [InlineData("\"index\":7")]
    [InlineData("\"name\":\"person\"")]
    public async Task Nobody_says_by_an_event_that_another_code_is_theirs(string slot)
    {
        await _site.GoAsync("anna", "annas");
        var annas = Visitors.Find("annas")!.Record;

        var (status, problem) = await EventAsync("mallory", $$"""{"type":"customData",{{slot}},"values":["annas"]}""");

        status.ShouldBe(400);
        problem.GetProperty("errors").GetProperty("events[0]")[0].GetString()!.ShouldContain("identifies a person");
        Visitors.Find("annas")!.Record.ShouldBeSameAs(annas);
    }

    [Theory]
    [InlineData("\"index\":4")]
    [InlineData("\"name\":\"nothing\"")]
    public async Task Custom_data_that_the_site_does_not_declare_is_refused_and_not_kept(string slot)
    {
        (await EventAsync("anna", $$"""{"type":"customData",{{slot}},"values":["x"]}""")).Status.ShouldBe(400);

        Visitors.Find(await _site.VisitorAsync("anna"))?.Record.Known.CustomData.Find(4).ShouldBeNull();
        _site.Log.Texts().ShouldNotContain(text => text.Contains("nothing", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("\\ud83d", "\ufffd")]
    [InlineData("a\\uDE00b", "a\ufffdb")]
    [InlineData("\\ud83d\\ude00", "\U0001F600")]
    [InlineData("\\\\ud83d", "\\ud83d")]
    public async Task Half_a_pair_of_surrogates_becomes_one_character_and_the_events_are_taken(string json, string kept)
    {
        (await EventAsync("anna", $$"""{"type":"customData","index":3,"values":["{{json}}","gold"]}""")).Status.ShouldBe(202);
        (await EventAsync("anna", $$"""{"type":"pageView","address":"app://{{json}}","title":"{{json}}"}""")).Status.ShouldBe(202);
        (await EventAsync("anna", $$"""{"type":"conversion","goalId":1,"id":"{{json}}"}""")).Status.ShouldBe(202);

        Visitors.Find(await _site.VisitorAsync("anna"))!.Record.Known.CustomData.Find(3)!.ShouldBe([kept, "gold"]);
    }

    [Fact]
    public async Task A_byte_order_mark_before_the_events_is_passed_over() =>
        (await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", "\uFEFF" + Bought)).Status.ShouldBe(202);

    [Fact]
    public async Task Longer_texts_than_the_platform_takes_are_not_kept()
    {
        var (value, title) = (new string('v', 2049), new string('t', 3000));

        (await EventAsync("anna", $$"""{"type":"customData","index":3,"values":["{{value}}"]}""")).Status.ShouldBe(400);
        (await EventAsync("anna", $$"""{"type":"pageView","address":"app://{{value}}"}""")).Status.ShouldBe(400);
        (await EventAsync("anna", $$"""{"type":"exposure","key":"{{value}}"}""")).Status.ShouldBe(400);
        (await EventAsync("anna", $$"""{"type":"pageView","address":"app://cart","title":"{{title}}"}""")).Status.ShouldBe(202);

        Visitors.Find(await _site.VisitorAsync("anna"))!.Record.Known.LatestPage!.Value.Title!.Length.ShouldBe(256);
    }

    [Fact]
    public async Task A_title_is_not_cut_in_the_middle_of_a_pair_of_surrogates()
    {
        var title = new string('t', 255) + "\U0001F600";

        (await EventAsync("anna", $$"""{"type":"pageView","address":"app://cart","title":"{{title}}"}""")).Status.ShouldBe(202);

        Visitors.Find(await _site.VisitorAsync("anna"))!.Record.Known.LatestPage!.Value.Title.ShouldBe(title[..255]);
    }

    [Fact]
    public async Task Goals_are_all_reported_but_not_all_kept()
    {
        for (var request = 0; request < 6; request++)
        {
            var goals = Enumerable.Range(request * 100, 100).Select(goal => $$"""{"type":"conversion","goalId":{{goal}}}""");
            (await EventAsync("anna", string.Join(',', goals))).Status.ShouldBe(202);
        }

        Visitors.Find(await _site.VisitorAsync("anna"))!.Record.Known.Goals.Entries.Length.ShouldBe(500);
        _site.TakeEvents().Count(tracked => tracked.IsConversion).ShouldBe(600);
    }

    [Fact]
    public async Task Before_the_first_data_file_data_and_exposures_are_to_be_sent_again_and_conversions_taken()
    {
        await using var early = await IdentitySite.StartAsync(_database.AddTo, dataFile: "");

        var (status, problem) = await early.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna",
            """{"events":[{"type":"customData","index":3,"values":["gold"]}]}""", code: "annas");

        (status, problem.GetProperty("title").GetString()).ShouldBe((503, "There is no data file yet."));
        (await early.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas")).Status.ShouldBe(202);
    }

    [Fact]
    public async Task Flags_that_nobody_has_are_answered_and_leave_nothing_behind()
    {
        var (status, answer) = await _site.SendAsync(
            HttpMethod.Post, "/kameleoon/decisions", "anna", """{"keys":["forged"]}""");
        await EventAsync("anna", """{"type":"exposure","key":"forged"}""");

        status.ShouldBe(200);
        answer.GetProperty("decisions")[0].GetRawText().ShouldBe(
            """{"key":"forged","variationKey":"off","isActive":false,"reason":"UnknownFlag","variables":{}}""");
        _site.Log.Texts().ShouldNotContain(text => text.Contains("forged", StringComparison.Ordinal));
        (await _site.SendAsync(HttpMethod.Post, "/kameleoon/decisions", "anna",
            $$"""{"keys":["{{new string('k', 256)}}"]}""")).Status.ShouldBe(400);
    }

    [Fact]
    public async Task Other_events_under_a_key_that_was_used_are_refused()
    {
        const string Other = """{"events":[{"type":"conversion","goalId":3002}]}""";
        await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, key: "order-7");

        var (status, problem) = await _site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Other, key: "order-7");
        var spaced = await _site.SendAsync(
            HttpMethod.Post, "/kameleoon/events", "anna", Bought.Replace(":", " : ", StringComparison.Ordinal), key: "order-7");

        (status, problem.GetProperty("title").GetString()).ShouldBe((422, "The key was used for other events."));
        (spaced.Status, spaced.Body.GetProperty("replayed").GetBoolean()).ShouldBe((202, true));
        _site.TakeEvents().Count(tracked => tracked.IsConversion).ShouldBe(1);
    }

    private Task<(int Status, System.Text.Json.JsonElement Body)> EventAsync(string user, string events) =>
        _site.SendAsync(HttpMethod.Post, "/kameleoon/events", user, $$"""{"events":[{{events}}]}""");
}
