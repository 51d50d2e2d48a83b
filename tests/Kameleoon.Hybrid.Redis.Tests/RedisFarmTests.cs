namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Two servers with one Redis are one to a visitor who comes to either.</summary>
public sealed class RedisFarmTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    [Fact]
    public async Task A_change_reaches_a_server_that_knows_the_visitor_without_a_read_of_all_changes()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        (await a.ForcedAsync("anna")).ShouldBe("none");
        (await b.ForcedAsync("anna")).ShouldBe("none");

        // What servers read every few seconds is taken away, so that only what Redis tells at once is left.
        await a.ForceAsync("anna", "on");
        await Eventually.IsTrueAsync(async () =>
        {
            await _redis.ExecuteAsync("DEL", "kameleoon:{abcde12345}:changes");
            await a.ForceAsync("anna", "on");
            return await b.ForcedAsync("anna") == "on";
        });

        await b.ForceAsync("anna", null);
        await Eventually.IsTrueAsync(async () => await a.ForcedAsync("anna") == "none");
    }

    [Fact]
    public async Task A_new_server_knows_what_was_said_to_the_others()
    {
        await using var a = await StartAsync();
        await a.ForceAsync("anna", "on");
        await a.WrittenAsync();

        await using var b = await StartAsync();

        (await b.ForcedAsync("anna")).ShouldBe("on");
    }

    [Fact]
    public async Task Pages_go_on_while_redis_is_dead_and_what_was_said_is_shared_once_it_is_back()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await a.ForceAsync("known", "on");
        await a.WrittenAsync();
        (await b.ForcedAsync("known")).ShouldBe("on");

        await _redis.KillAsync();
        await a.ForceAsync("anna", "on");
        (await a.ForcedAsync("anna")).ShouldBe("on");
        (await b.ForcedAsync("anna")).ShouldBe("none");
        (await b.ForcedAsync("known")).ShouldBe("on");
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() == "Degraded");
        await _redis.StartAsync();

        await Eventually.IsTrueAsync(async () => await b.ForcedAsync("anna") == "on");
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() == "Healthy");
    }

    [Fact]
    public async Task A_redis_that_is_full_stops_no_page_and_gets_the_changes_once_it_has_room()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await _redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "1", "maxmemory-policy", "noeviction");

        await a.ForceAsync("anna", "on");
        (await a.ForcedAsync("anna")).ShouldBe("on");
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() == "Unhealthy");
        a.Log.GetSnapshot().Single(static line => line.Id.Id == 221).Exception!.Message.ShouldContain("Raise maxmemory");
        await _redis.ExecuteAsync("CONFIG", "SET", "maxmemory", "0");

        await Eventually.IsTrueAsync(async () => await b.ForcedAsync("anna") == "on");
        a.Log.Texts(223).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_redis_that_became_a_replica_is_named_and_forgotten_once_it_is_the_primary_again()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await _redis.ExecuteAsync("REPLICAOF", "127.0.0.1", "1");

        await a.ForceAsync("anna", "on");
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() is "Unhealthy" or "Degraded");
        (await a.ForcedAsync("anna")).ShouldBe("on");
        await _redis.ExecuteAsync("REPLICAOF", "NO", "ONE");

        await Eventually.IsTrueAsync(async () => await b.ForcedAsync("anna") == "on");
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() == "Healthy");
    }

    [Fact]
    public async Task A_redis_that_does_not_answer_stops_no_page()
    {
        await using var a = await StartAsync();
        await a.ForceAsync("anna", "on");
        var asleep = _redis.ExecuteAsync("DEBUG", "SLEEP", "2");

        await Eventually.IsTrueAsync(async () => await a.ForcedAsync("unknown" + Guid.NewGuid().ToString("N")[..8]) == "none");

        (await a.ForcedAsync("anna")).ShouldBe("on");
        await asleep;
        await a.WrittenAsync();
    }

    [Fact]
    public async Task A_server_starts_while_redis_is_dead_and_joins_it_later()
    {
        await _redis.KillAsync();
        await using var a = await StartAsync();
        (await a.ForcedAsync("anna")).ShouldBe("none");
        await _redis.StartAsync();
        await using var b = await StartAsync();

        await b.ForceAsync("anna", "on");

        await Eventually.IsTrueAsync(async () => await a.ForcedAsync("anna") == "on");
    }

    public Task InitializeAsync() => _redis.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    private Task<RedisSite> StartAsync() => RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(_redis.Address));
}
