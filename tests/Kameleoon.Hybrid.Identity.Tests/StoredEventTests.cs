using System.Text;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>With an outbox, what is confirmed is stored, however the platform and the database behave.</summary>
[Collection(nameof(Databases))]
public sealed class StoredEventTests(PostgreSqlServer postgres)
{
    private const string Stored = "SELECT COALESCE(SUM(event_count), 0) FROM kameleoon_tracking_batches";
    private const string Confirmed = "SELECT COUNT(*) FROM kameleoon_idempotency_keys WHERE is_confirmed = 1";

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
        await database.ExecuteAsync(
            "CREATE TRIGGER broken BEFORE INSERT ON kameleoon_tracking_batches BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END");

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

    private static Task<IdentitySite> StartAsync(Store database, DataApi platform) => IdentitySite.StartAsync(
        kameleoon => database.AddTo(kameleoon).AddTrackingOutbox(),
        options =>
        {
            options.Endpoints.Tracking = platform.Address;
            options.Resilience.Tracking.Retries = 0;
            options.Resilience.Tracking.BreakRatio = 1;
            options.Resilience.Tracking.RetryDelay = TimeSpan.FromMilliseconds(20);
            options.TrackingInterval = TimeSpan.FromSeconds(1);
            options.StopTimeout = TimeSpan.Zero;
        });

    private static async Task<(int Status, bool Replayed)> BuyAsync(IdentitySite site, int order)
    {
        var answer = await site.SendAsync(
            HttpMethod.Post, "/kameleoon/events", "anna", Bought(order), code: "annas", key: $"order-{order}");
        return (answer.Status, answer.Body.TryGetProperty("replayed", out var replayed) && replayed.GetBoolean());
    }

    private static Task<HttpResponseMessage> SendAsync(IdentitySite site, int order) =>
        SendAsync(site, "anna", Bought(order), $"order-{order}");

    private static async Task<HttpResponseMessage> SendAsync(IdentitySite site, string user, string json, string key)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/events");
        request.Headers.Add(UserHeader.Name, user);
        request.Headers.Add("Cookie", $"kameleoonVisitorCode={user}s");
        request.Headers.Add("Idempotency-Key", key);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        return await site.Http.SendAsync(request);
    }

    private static string Bought(int order) => $$"""{"events":[{"type":"conversion","goalId":1,"revenue":{{order}}}]}""";
}
