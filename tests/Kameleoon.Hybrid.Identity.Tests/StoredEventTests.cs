using static Kameleoon.Hybrid.Identity.Tests.OutboxSite;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>With an outbox, what is confirmed is stored, however the platform and the database behave.</summary>
[Collection(nameof(Databases))]
public sealed class StoredEventTests(PostgreSqlServer postgres)
{
    private const string Stored = "SELECT COALESCE(SUM(event_count), 0) FROM kameleoon_tracking_batches";
    private const string Confirmed = "SELECT COUNT(*) FROM kameleoon_idempotency_keys WHERE is_confirmed = 1";

    private const string BreakOutbox =
        "CREATE TRIGGER broken BEFORE INSERT ON kameleoon_tracking_batches BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END";

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Confirmed_events_are_in_the_database_while_the_platform_does_not_answer(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        var isReady = new TaskCompletionSource();
        (platform.IsAway, platform.Ready) = (true, isReady.Task);
        await using var site = await StartAsync(database, platform);

        for (var order = 1; order <= 4; order++)
        {
            (await BuyAsync(site, order)).Status.ShouldBe(202);
            (await database.ExecuteAsync(Confirmed)).ShouldBe(order);
            (await database.ExecuteAsync(Stored)).ShouldBeGreaterThanOrEqualTo(order);
        }

        platform.Lines.ShouldBe(0);
        isReady.SetResult();
    }

    [Fact]
    public async Task Without_a_stored_event_the_answer_is_503_and_the_key_is_free()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var site = await StartAsync(database, platform);
        (await BuyAsync(site, 1)).Status.ShouldBe(202);
        await database.ExecuteAsync(BreakOutbox);

        using var refused = await SendAsync(site, 2);

        ((int)refused.StatusCode).ShouldBe(503);
        refused.Headers.RetryAfter.ShouldNotBeNull();
        (await database.ExecuteAsync("SELECT COUNT(*) FROM kameleoon_idempotency_keys")).ShouldBe(1);

        await database.ExecuteAsync("DROP TRIGGER broken");
        (await BuyAsync(site, 2)).ShouldBe((202, false));
        (await BuyAsync(site, 2)).ShouldBe((202, true));
        platform.IsAway = false;
        await Eventually.IsTrueAsync(() => platform.Orders.Contains(2));
        platform.Orders.Count(static order => order == 2).ShouldBe(1);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_request_that_is_sent_again_to_another_server_has_the_same_nonces(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        await using var first = await StartAsync(database, platform);
        (await BuyAsync(first, 7)).Status.ShouldBe(202);
        await Eventually.IsTrueAsync(() => platform.Lines == 1);

        // As a server leaves it that ends before the key is written, on a database of its own.
        await database.ExecuteAsync("DELETE FROM kameleoon_idempotency_keys");
        await using var second = await StartAsync(database, platform);
        (await BuyAsync(second, 7)).ShouldBe((202, false));

        await Eventually.IsTrueAsync(() => platform.Lines == 2);
        platform.Orders.ShouldBe([7]);
    }

    [Fact]
    public async Task Events_of_one_request_and_of_other_keys_have_nonces_of_their_own()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform);
        const string twoEqual = """{"events":[{"type":"conversion","goalId":1,"revenue":5},{"type":"conversion","goalId":1,"revenue":5}]}""";

        await SendAsync(site, "anna", twoEqual, "order-1");
        await SendAsync(site, "anna", twoEqual, "order-2");
        await SendAsync(site, "bert", twoEqual, "order-1");

        await Eventually.IsTrueAsync(() => platform.Lines == 6);
        platform.Orders.Count.ShouldBe(6);
    }

    [Fact]
    public async Task A_batch_and_the_keys_of_its_events_are_stored_together_or_not_at_all()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var site = await StartAsync(database, platform);
        (await BuyAsync(site, 1)).Status.ShouldBe(202);
        var before = await database.ExecuteAsync(Stored);
        await database.ExecuteAsync(
            "CREATE TRIGGER broken BEFORE UPDATE ON kameleoon_idempotency_keys BEGIN SELECT RAISE(ABORT, 'No.'); END");

        (await BuyAsync(site, 2)).Status.ShouldBe(503);

        (await database.ExecuteAsync(Stored)).ShouldBe(before);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_key_whose_events_were_sent_instead_of_stored_is_confirmed(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform);
        (await BuyAsync(site, 1)).Status.ShouldBe(202);
        await Eventually.IsTrueAsync(() => platform.Lines == 1);
        await database.ExecuteAsync("ALTER TABLE kameleoon_tracking_batches RENAME TO broken");

        await Eventually.IsTrueAsync(async () => (await BuyAsync(site, 2)).Status == 202);

        (await BuyAsync(site, 2)).ShouldBe((202, true));
        (await database.ExecuteAsync(Confirmed)).ShouldBe(2);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_batch_that_is_stored_late_confirms_no_key_that_another_attempt_claimed(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform);
        var (keys, outbox) = (site.App.Services.GetRequiredService<IIdempotencyKeyStore>(), site.App.Services.GetRequiredService<ITrackingOutbox>());
        var (late, next) = (new IdempotencyKey("annas", "order-1", Guid.NewGuid()), new IdempotencyKey("annas", "order-1", Guid.NewGuid()));
        (await keys.ClaimAsync(late, "bought", default)).ShouldBe(IdempotencyClaim.New);
        await keys.ReleaseAsync(late, default);
        (await keys.ClaimAsync(next, "sold", default)).ShouldBe(IdempotencyClaim.New);

        await outbox.StoreAsync(
            new TrackingBatch(Guid.CreateVersion7(), "abcde12345", "x"u8.ToArray(), 1, DateTimeOffset.UtcNow), TimeSpan.FromMinutes(1), [late], default);

        (await database.ExecuteAsync(Confirmed)).ShouldBe(0);
        (await keys.ClaimAsync(next with { Attempt = Guid.NewGuid() }, "sold", default)).ShouldBe(IdempotencyClaim.Pending);
    }

    [Theory]
    [InlineData("""{"type":"pageView","address":"https://shop.example/"}""")]
    [InlineData("""{"type":"customData","index":3,"values":["gold"]}""")]
    [InlineData("""{"type":"exposure","key":"checkout"}""")]
    public async Task Events_that_wait_for_consent_are_not_confirmed_until_they_are_stored(string happened)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var site = await StartAsync(database, platform, consent: "REQUIRED");
        var json = $$"""{"events":[{"type":"conversion","goalId":1,"revenue":7},{{happened}}]}""";

        for (var attempt = 0; attempt < 2; attempt++)
        {
            using var waiting = await SendAsync(site, "anna", json, "order-1");
            ((int)waiting.StatusCode).ShouldBe(503);
            waiting.Headers.RetryAfter!.Delta.ShouldBe(TimeSpan.FromSeconds(60));
            (await waiting.Content.ReadAsStringAsync()).ShouldContain("consent");
        }

        (await database.ExecuteAsync("SELECT COUNT(*) FROM kameleoon_idempotency_keys")).ShouldBe(0);
        (await SendAndForgetAsync(site, "anna", Bought(1), "order-2")).ShouldBe(202);

        (await site.SendAsync(HttpMethod.Post, "/kameleoon/test/agree", code: "annas")).Status.ShouldBe(200);
        (await SendAndForgetAsync(site, "anna", json, "order-1")).ShouldBe(202);
        (await database.ExecuteAsync(Confirmed)).ShouldBe(2);
        (await database.ExecuteAsync(
            "SELECT COUNT(*) FROM kameleoon_tracking_batches WHERE CAST(body AS TEXT) LIKE '%eventType=page%' "
            + "OR CAST(body AS TEXT) LIKE '%eventType=customData%' OR CAST(body AS TEXT) LIKE '%eventType=experiment%'")).ShouldBePositive();
    }
}
