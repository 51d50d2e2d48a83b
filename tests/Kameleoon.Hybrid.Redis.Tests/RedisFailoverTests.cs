using System.Globalization;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Pages go on while a Redis cannot be reached or another takes its place, and servers agree again by themselves.</summary>
public sealed class RedisFailoverTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private readonly RedisServer _replica = new();

    [Fact]
    public async Task Servers_share_by_a_replica_that_was_promoted_after_its_primary_died()
    {
        var (host, port) = (_redis.Address.Split(':')[0], _redis.Address.Split(':')[1]);
        await _replica.ExecuteAsync("REPLICAOF", host, port);
        await Eventually.IsTrueAsync(async () =>
            (await _replica.ExecuteAsync("INFO", "replication")).ToString().Contains("master_link_status:up", StringComparison.Ordinal));
        var both = $"{_redis.Address},{_replica.Address},configCheckSeconds=1";
        await using var a = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(both));
        await using var b = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(both));
        await a.ForceAsync("anna", "on");
        await a.WrittenAsync();
        (await b.ForcedAsync("anna")).ShouldBe("on");
        await _redis.ExecuteAsync("WAIT", 1, 0);

        await _redis.KillAsync();
        await a.ForceAsync("bert", "on");
        (await a.ForcedAsync("bert")).ShouldBe("on");
        (await b.ForcedAsync("anna")).ShouldBe("on");
        await _replica.ExecuteAsync("REPLICAOF", "NO", "ONE");

        await Eventually.IsTrueAsync(async () => await b.ForcedAsync("bert") == "on");
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() == "Healthy");
        a.Log.Texts(223).ShouldBeEmpty();
        await using var c = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(both));
        await Eventually.IsTrueAsync(async () => await c.ForcedAsync("anna") == "on");
    }

    [Fact]
    public async Task No_page_fails_while_redis_is_cut_off_under_load_and_what_was_said_is_shared_afterwards()
    {
        await using var a = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(_redis.Address));
        await using var b = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(_redis.Address));
        await a.ForceAsync("anna", "on");
        await a.WrittenAsync();
        (await b.ForcedAsync("anna")).ShouldBe("on");

        await _redis.CutOffAsync();
        try
        {
            // A page that fails throws.
            await Parallel.ForAsync(0, 100, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
            {
                var visitor = string.Create(CultureInfo.InvariantCulture, $"visitor{i}");
                await a.ForceAsync(visitor, "on");
                (await a.ForcedAsync(visitor)).ShouldBe("on");
                (await b.ForcedAsync(visitor)).ShouldBe("none");
            });
            (await b.ForcedAsync("anna")).ShouldBe("on");
        }
        finally
        {
            await _redis.ReconnectAsync();
        }

        await Eventually.IsTrueAsync(async () => await b.ForcedAsync("visitor0") == "on" && await b.ForcedAsync("visitor99") == "on");
        await a.WrittenAsync();
        a.Log.Texts(223).ShouldBeEmpty();
        await Eventually.IsTrueAsync(async () => await b.HealthAsync() == "Healthy");
    }

    public async Task InitializeAsync()
    {
        await _redis.StartAsync();
        await _replica.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _redis.DisposeAsync();
        await _replica.DisposeAsync();
    }
}
