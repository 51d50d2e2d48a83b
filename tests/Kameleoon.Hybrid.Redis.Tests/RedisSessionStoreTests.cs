using System.Collections.Concurrent;
using System.Globalization;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>What servers leave each other of visitors in Redis.</summary>
[Collection(nameof(RedisServers))]
public sealed class RedisSessionStoreTests(RedisServer redis)
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(1);

    private readonly string _site = "site" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task The_latest_of_each_entry_is_kept_whichever_server_wrote_it()
    {
        await using var first = new RedisStores(redis, _site);
        await using var second = new RedisStores(redis, _site);

        await first.Sessions.SaveAsync(
            [Entry("anna", "consent", "Given"), Entry("anna", "data:4", "a \"b\"", "{0}"), Entry("bert", "x", "y")], default);
        await second.Sessions.SaveAsync([Entry("anna", "consent", "Refused"), Entry("anna", "forced:1")], default);

        Texts(await first.Sessions.FindAsync("anna", default)).ShouldBe(
            ["anna consent Refused", "anna data:4 a \"b\"|{0}", "anna forced:1 "], ignoreOrder: true);
        (await first.Sessions.FindAsync("carl", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_reads_what_others_wrote_and_not_what_it_wrote_itself()
    {
        await using var first = new RedisStores(redis, _site);
        await using var second = new RedisStores(redis, _site);
        await using var other = new RedisStores(redis, "other12345");
        await first.Sessions.SaveAsync([Entry("anna", "data:1", "first")], default);
        await second.Sessions.SaveAsync([Entry("anna maria", "data:2", "second")], default);

        Texts((await first.Sessions.ReadChangesAsync(Lately, null, default)).Entries).ShouldBe(["anna maria data:2 second"]);
        Texts((await second.Sessions.ReadChangesAsync(Lately, null, default)).Entries).ShouldBe(["anna data:1 first"]);
        (await other.Sessions.ReadChangesAsync(Lately, null, default)).Entries.ShouldBeEmpty();
        await Eventually.IsTrueAsync(async () =>
            (await first.Sessions.ReadChangesAsync(TimeSpan.FromMilliseconds(1), null, default)).Entries.Count == 0);
    }

    [Fact]
    public async Task However_much_was_written_it_is_read_in_pages_each_entry_once()
    {
        await using var first = new RedisStores(redis, _site);
        await using var second = new RedisStores(redis, _site);
        for (var batch = 0; batch < 23; batch++)
        {
            await second.Sessions.SaveAsync([.. Enumerable.Range(0, 100).Select(i =>
                Entry(Number($"a visitor {batch}"), Number($"data:{i}"), "x"))], default);
        }

        var pages = new List<VisitorSessionChanges>();
        do
        {
            pages.Add(await first.Sessions.ReadChangesAsync(TimeSpan.FromHours(1), pages.LastOrDefault()?.Next, default));
        }
        while (pages[^1].Next is not null);

        pages.Select(page => page.Entries.Count).ShouldBe([1000, 1000, 300]);
        pages.SelectMany(page => Texts(page.Entries)).Distinct(StringComparer.Ordinal).Count().ShouldBe(2300);
    }

    [Fact]
    public async Task A_session_expires_unless_it_is_prolonged_and_stays_expired()
    {
        await using var server = new RedisStores(redis, _site);
        await server.Sessions.SaveAsync([Entry("anna", "data:1", "x"), Entry("bert", "data:1", "x")], default);
        (await TimeToLiveAsync("anna")).ShouldBeInRange(1, 75_000);
        await redis.ExecuteAsync("PEXPIRE", Key("anna"), 10_000);
        await redis.ExecuteAsync("PEXPIRE", Key("bert"), 0);

        await server.Sessions.ProlongAsync(["anna", "bert", "unknown"], default);

        (await TimeToLiveAsync("anna")).ShouldBeGreaterThan(10_000);
        (await server.Sessions.FindAsync("bert", default)).ShouldBeEmpty();
        (await server.Sessions.FindAsync("unknown", default)).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_found_says_how_long_ago_it_was_written_by_the_clock_of_Redis()
    {
        await using var server = new RedisStores(redis, _site);
        await server.Sessions.SaveAsync([Entry("anna maria", "data:1", "x"), Entry("anna maria", "data:2", "y")], default);
        var changes = $"kameleoon:{{{_site}}}:changes";
        await redis.ExecuteAsync("ZINCRBY", changes, -TimeSpan.FromDays(1).TotalMicroseconds, "data:1 anna maria");
        await redis.ExecuteAsync("ZREM", changes, "data:2 anna maria");

        var found = (await server.Sessions.FindAsync("anna maria", default)).ToDictionary(entry => entry.Name, StringComparer.Ordinal);

        found["data:1"].Age!.Value.Days.ShouldBe(1);
        found["data:2"].Age.ShouldBe(TimeSpan.FromSeconds(75)); // Longer ago than a session, so that its time is removed.
    }

    [Fact]
    public async Task Changes_of_expired_sessions_are_neither_read_nor_kept()
    {
        await using var first = new RedisStores(redis, _site);
        await using var second = new RedisStores(redis, _site);
        await first.Sessions.SaveAsync([Entry("anna", "data:1", "x"), Entry("bert", "data:1", "x")], default);
        var changes = $"kameleoon:{{{_site}}}:changes";
        await redis.ExecuteAsync("ZADD", changes, 1, "data:1 anna");
        await redis.ExecuteAsync("PEXPIRE", Key("bert"), 0);

        await second.Sessions.DeleteExpiredAsync(default);

        (await second.Sessions.ReadChangesAsync(Lately, null, default)).Entries.ShouldBeEmpty();
        ((long)await redis.ExecuteAsync("ZCARD", changes)).ShouldBe(1);
    }

    [Fact]
    public async Task What_another_program_wrote_is_ignored()
    {
        await using var server = new RedisStores(redis, _site);
        await server.Sessions.SaveAsync([Entry("anna", "data:1", "x")], default);
        await redis.ExecuteAsync("HSET", Key("anna"), "data:2", "no JSON", "data:3", "[null]", "data:4", "[]", "data:5", "[\"a\",null]");

        Texts(await server.Sessions.FindAsync("anna", default)).ShouldBe(["anna data:1 x"]);
    }

    [Fact]
    public async Task Other_servers_are_told_of_a_change_at_once()
    {
        await using var first = new RedisStores(redis, _site);
        await using var second = new RedisStores(redis, _site);
        using var end = new CancellationTokenSource();
        var (toFirst, toSecond) = (new ConcurrentQueue<string>(), new ConcurrentQueue<string>());
        var listening = Task.WhenAll(
            first.Feed.ListenAsync(toFirst.Enqueue, end.Token), second.Feed.ListenAsync(toSecond.Enqueue, end.Token));

        // The servers begin to listen at some moment.
        await Eventually.IsTrueAsync(async () =>
        {
            await first.Sessions.SaveAsync([Entry("anna", "data:1", "x"), Entry("anna", "data:2", "x"), Entry("bert", "data:1", "x")], default);
            return toSecond.Count >= 2;
        });

        toSecond.Take(2).ShouldBe(["anna", "bert"]);
        toFirst.ShouldBeEmpty();
        await end.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => listening);
    }

    [Fact]
    public async Task Stamps_rise_although_the_clock_of_redis_is_set_back()
    {
        await using var first = new RedisStores(redis, _site);
        await using var second = new RedisStores(redis, _site);
        var later = (DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() + 50_000) * 1000;
        await redis.ExecuteAsync("SET", $"kameleoon:{{{_site}}}:clock", later);

        await first.Sessions.SaveAsync([Entry("anna", "data:1", "x")], default);
        await first.Sessions.SaveAsync([Entry("anna", "data:2", "x")], default);

        Texts((await second.Sessions.ReadChangesAsync(Lately, Number($"{later}"), default)).Entries)
            .ShouldBe(["anna data:1 x", "anna data:2 x"]);
    }

    private static string Number(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);

    private static VisitorSessionEntry Entry(string code, string name, params string[] values) => new(code, name, values);

    private static IEnumerable<string> Texts(IEnumerable<VisitorSessionEntry> entries) =>
        entries.Select(entry => $"{entry.VisitorCode} {entry.Name} {string.Join('|', entry.Values)}");

    private string Key(string code) => $"kameleoon:{{{_site}}}:session:{code}";

    private async Task<long> TimeToLiveAsync(string code) => (long)await redis.ExecuteAsync("PTTL", Key(code));
}
