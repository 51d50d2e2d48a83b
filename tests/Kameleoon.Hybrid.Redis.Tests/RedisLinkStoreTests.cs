using System.Globalization;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Links of users to visitor codes in Redis.</summary>
[Collection(nameof(RedisServers))]
public sealed class RedisLinkStoreTests(RedisServer redis)
{
    private static readonly DateTimeOffset Now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);

    private readonly string _site = "site" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task The_first_code_of_a_user_is_the_user_s_and_later_ones_are_merged_into_it()
    {
        await using var stores = new RedisStores(redis, _site);

        (await stores.Links.LinkAsync("anna", "first", Now, default)).ShouldBe(new("first", VisitorLinkOutcome.Linked));
        (await stores.Links.LinkAsync("anna", "first", Now, default)).ShouldBe(new("first", VisitorLinkOutcome.Known));
        (await stores.Links.LinkAsync("anna", "second", Now.AddDays(1), default)).ShouldBe(new("first", VisitorLinkOutcome.Merged));
        (await stores.Links.LinkAsync("anna", "second", Now, default)).ShouldBe(new("first", VisitorLinkOutcome.Known));

        (await stores.Links.FindAsync("anna", default)).ShouldBe("first");
        (await stores.Links.FindOwnerAsync("second", default)).ShouldBe("anna");
        (await stores.Links.ExportAsync("anna", default)).ShouldBe(
            [new VisitorLink("first", Now, null), new VisitorLink("second", Now.AddDays(1), "first")]);
    }

    [Fact]
    public async Task A_code_of_another_user_stays_theirs()
    {
        await using var stores = new RedisStores(redis, _site);
        await stores.Links.LinkAsync("anna", "shared", Now, default);

        (await stores.Links.LinkAsync("bert", "shared", Now, default)).ShouldBe(new(null, VisitorLinkOutcome.Foreign));
        await stores.Links.LinkAsync("bert", "own", Now, default);
        (await stores.Links.LinkAsync("bert", "shared", Now, default)).ShouldBe(new("own", VisitorLinkOutcome.Foreign));

        (await stores.Links.FindOwnerAsync("shared", default)).ShouldBe("anna");
    }

    [Fact]
    public async Task A_user_has_at_most_a_thousand_merged_codes()
    {
        await using var stores = new RedisStores(redis, _site);
        for (var i = 0; i <= 1000; i++)
        {
            await stores.Links.LinkAsync("anna", string.Create(CultureInfo.InvariantCulture, $"code{i}"), Now, default);
        }

        (await stores.Links.LinkAsync("anna", "one more", Now, default)).ShouldBe(new("code0", VisitorLinkOutcome.Foreign));
        (await stores.Links.LinkAsync("anna", "code7", Now, default)).ShouldBe(new("code0", VisitorLinkOutcome.Known));
        (await stores.Links.ExportAsync("anna", default)).Count.ShouldBe(1001);
        (await stores.Links.FindOwnerAsync("one more", default)).ShouldBeNull();
    }

    [Fact]
    public async Task Of_many_servers_that_link_at_once_one_wins_and_all_say_the_same()
    {
        await using var stores = new RedisStores(redis, _site);

        var results = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => stores.Links.LinkAsync(
            "anna", string.Create(CultureInfo.InvariantCulture, $"code{i}"), Now, default).AsTask()));

        results.Select(static result => result.VisitorCode).Distinct(StringComparer.Ordinal).ShouldHaveSingleItem();
        results.Count(static result => result.Outcome == VisitorLinkOutcome.Linked).ShouldBe(1);
    }

    [Fact]
    public async Task A_forgotten_user_leaves_no_code_and_no_session()
    {
        await using var stores = new RedisStores(redis, _site);
        await stores.Links.LinkAsync("anna", "first", Now, default);
        await stores.Links.LinkAsync("anna", "second", Now, default);
        await stores.Links.LinkAsync("bert", "third", Now, default);
        await stores.Sessions.SaveAsync([new("first", "x", ["y"]), new("anna", "x", ["y"]), new("third", "x", ["y"])], default);

        (await stores.Links.ForgetAsync("anna", default)).ShouldBe(["first", "second"]);

        (await stores.Links.FindAsync("anna", default)).ShouldBeNull();
        (await stores.Links.FindOwnerAsync("second", default)).ShouldBeNull();
        (await stores.Links.ExportAsync("anna", default)).ShouldBeEmpty();
        (await stores.Links.ForgetAsync("anna", default)).ShouldBeEmpty();
        (await stores.Sessions.FindAsync("first", default)).ShouldBeEmpty();
        (await stores.Sessions.FindAsync("anna", default)).ShouldBeEmpty();
        (await stores.Sessions.FindAsync("third", default)).Count.ShouldBe(1);
        (await stores.Links.FindAsync("bert", default)).ShouldBe("third");
        ((string[])(await redis.ExecuteAsync("ZRANGE", $"kameleoon:{{{_site}}}:changes", 0, -1))!).ShouldBe(["x third"]);
    }
}
