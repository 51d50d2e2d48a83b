using static Kameleoon.Hybrid.Identity.Tests.OutboxSite;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>With an outbox, what is sent again after a server ended, or after a sign-in, is stored and counted once.</summary>
[Collection(nameof(Databases))]
public sealed class StoredOnceTests(PostgreSqlServer postgres)
{
    private const string BreakOutbox =
        "CREATE TRIGGER broken BEFORE INSERT ON kameleoon_tracking_batches BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END";

    [Theory]
    [InlineData("order-1", 1)]
    [InlineData("another", 1)]
    [InlineData("order-1", 2)]
    public async Task A_conversion_with_an_id_of_a_server_that_ended_is_stored_by_the_one_that_is_asked_next(string key, int goal)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var second = await StartAsync(database, platform, shares: true);
        await database.ExecuteAsync(BreakOutbox);
        await using (var first = await StartAsync(database, platform, shares: true))
        {
            using var refused = await SendAsync(first, "anna", BoughtWithId(1, goal), "order-1");
            ((int)refused.StatusCode).ShouldBe(503);
            await Eventually.IsTrueAsync(() => first.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
        }

        await database.ExecuteAsync("DROP TRIGGER broken");
        using var taken = await SendAsync(second, "anna", BoughtWithId(1, goal), key);

        ((int)taken.StatusCode).ShouldBe(202);
        platform.IsAway = false;
        await Eventually.IsTrueAsync(() => platform.Orders.Contains(1));
        platform.Orders.ShouldBe([1]);
    }

    [Fact]
    public async Task A_conversion_with_an_id_that_is_stored_is_not_reported_by_other_servers()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        await using var first = await StartAsync(database, platform, shares: true);
        await using var second = await StartAsync(database, platform, shares: true);
        (await SendAndForgetAsync(first, "anna", BoughtWithId(1, 1), "order-1")).ShouldBe(202);
        await Eventually.IsTrueAsync(async () => await database.ExecuteAsync(
            "SELECT COUNT(*) FROM kameleoon_visitor_sessions WHERE name LIKE 'conversion:%'") == 1);

        (await SendAndForgetAsync(second, "anna", BoughtWithId(1, 1), "another")).ShouldBe(202);

        (await SendAndForgetAsync(second, "anna", BoughtWithId(2, 1).Replace("the-order", "the-next", StringComparison.Ordinal), "last")).ShouldBe(202);
        await Eventually.IsTrueAsync(() => platform.Orders.Contains(2));
        platform.Lines.ShouldBe(2);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task Events_that_are_sent_again_after_a_sign_in_count_once(bool isConfirmed, bool bringsFormerCode)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform);
        (await BuyAsync(site, 1)).Status.ShouldBe(202); // anna has a code already
        (await site.SendAsync(HttpMethod.Post, "/kameleoon/events", user: null, BoughtWithId(2, 1), "phone123", "order-2")).Status.ShouldBe(202);
        (await site.SendAsync(HttpMethod.Post, "/kameleoon/events", user: null, Bought(3), "phone123", "order-3")).Status.ShouldBe(202);
        await site.GoAsync("anna", "phone123");
        await Eventually.IsTrueAsync(async () => await database.ExecuteAsync(
            "SELECT COUNT(*) FROM kameleoon_visitor_links WHERE visitor_code = 'phone123' AND merged_into = 'annas'") == 1);
        if (!isConfirmed)
        {
            // As a server leaves it that ends before the key is written, on a database of its own.
            await database.ExecuteAsync("UPDATE kameleoon_idempotency_keys SET is_confirmed = 0, used_at = 0 WHERE caller = 'phone123'");
        }

        var code = bringsFormerCode ? "phone123" : "annas";
        var second = await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", BoughtWithId(2, 1), code, "order-2");
        var third = await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought(3), code, "order-3");

        (second.Status, second.Body.GetProperty("replayed").GetBoolean()).ShouldBe((202, isConfirmed));
        (third.Status, third.Body.GetProperty("replayed").GetBoolean()).ShouldBe((202, isConfirmed));
        (await BuyAsync(site, 4)).Status.ShouldBe(202);
        await Eventually.IsTrueAsync(() => platform.Orders.Contains(4));
        platform.Orders.Order().ShouldBe([1, 2, 3, 4]);
    }
}
