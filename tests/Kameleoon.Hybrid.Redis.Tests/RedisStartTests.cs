using Microsoft.Extensions.Hosting;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>How an application with Redis starts, and what it is warned of.</summary>
public sealed class RedisStartTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();

    [Fact]
    public async Task The_application_s_connection_is_used_and_left_open()
    {
        await using var connection = await _redis.ConnectAsync();
        await using (var site = await RedisSite.StartAsync(
            kameleoon => kameleoon.AddRedisStore(), services: services => services.AddSingleton<IConnectionMultiplexer>(connection)))
        {
            await site.App.Services.GetRequiredService<IVisitorSessionStore>().SaveAsync([new("anna", "x", ["y"])], default);
        }

        var kept = await connection.GetDatabase().KeyExistsAsync("kameleoon:{abcde12345}:session:anna");
        kept.ShouldBeTrue();
        (await _redis.ExecuteAsync("CLIENT", "LIST")).ToString().ShouldNotContain("name=kameleoon");
    }

    [Fact]
    public async Task The_start_fails_without_the_application_s_connection()
    {
        var failure = await Should.ThrowAsync<InvalidOperationException>(
            () => RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore()));

        failure.Message.ShouldContain("IConnectionMultiplexer");
    }

    [Fact]
    public void A_configuration_that_cannot_be_read_is_refused_where_it_is_given()
    {
        var builder = new ServiceCollection().AddKameleoonHybrid(static _ => { });

        Should.Throw<ArgumentException>(() => builder.AddRedisStore("127.0.0.1:6379,unknownSetting=1"));
        Should.Throw<ArgumentException>(() => builder.AddRedisStore(" "));
    }

    [Theory]
    [InlineData(true, false, false)]
    [InlineData(false, true, true)]
    [InlineData(true, true, true)]
    public void Of_two_calls_the_last_says_whether_redis_stores_links(bool first, bool last, bool stored)
    {
        var services = new ServiceCollection();
        services.AddKameleoonHybrid(static _ => { }).AddRedisStore("127.0.0.1:1", first).AddRedisStore("127.0.0.1:1", last);

        services.Any(static service => service.ServiceType == typeof(IVisitorLinkStore)).ShouldBe(stored);
    }

    [Fact]
    public void The_links_of_another_store_stay_there()
    {
        var services = new ServiceCollection();
        services.AddSingleton<IVisitorLinkStore>(static _ => throw new NotSupportedException());

        services.AddKameleoonHybrid(static _ => { }).AddRedisStore("127.0.0.1:1");

        services.Count(static service => service.ServiceType == typeof(IVisitorLinkStore)).ShouldBe(1);
    }

    [Theory]
    [InlineData(true, false, true)]
    [InlineData(true, true, false)]
    [InlineData(false, false, false)]
    public async Task Links_without_an_append_only_file_are_warned_of(bool links, bool isPersistent, bool isWarned)
    {
        await _redis.ExecuteAsync("CONFIG", "SET", "appendonly", isPersistent ? "yes" : "no", "maxmemory", "100mb",
            "maxmemory-policy", "allkeys-lru");

        await using var site = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(_redis.Address, links));

        await Eventually.IsTrueAsync(() => site.Log.Texts(802).Any());
        site.Log.Texts(801).Count().ShouldBe(isWarned ? 1 : 0);
        site.Log.Texts(802).ShouldHaveSingleItem().ShouldContain("allkeys-lru");
    }

    [Fact]
    public async Task A_redis_that_tells_nothing_of_itself_stops_no_application()
    {
        await _redis.ExecuteAsync("ACL", "SETUSER", "default", "-info");

        await using var site = await RedisSite.StartAsync(kameleoon => kameleoon.AddRedisStore(_redis.Address));
        var check = site.App.Services.GetServices<IHostedService>().OfType<RedisStartCheck>().ShouldHaveSingleItem();
        await check.ExecuteTask!.WaitAsync(HangGuard.Timeout);

        site.App.Lifetime.ApplicationStopping.IsCancellationRequested.ShouldBeFalse();
        await site.ForceAsync("anna", "on");
        (await site.ForcedAsync("anna")).ShouldBe("on");
    }

    [Fact]
    public async Task Links_survive_the_death_of_a_redis_with_an_append_only_file()
    {
        await _redis.KillAsync();
        await _redis.StartAsync("--appendonly", "yes", "--appendfsync", "always");
        await using var stores = new RedisStores(_redis, "abcde12345");
        await stores.Links.LinkAsync("anna", "first", DateTimeOffset.UnixEpoch, default);

        await _redis.KillAsync();
        await _redis.StartAsync("--appendonly", "yes", "--appendfsync", "always");

        await Eventually.IsTrueAsync(async () => await FindAsync(stores) == "first");
    }

    public Task InitializeAsync() => _redis.StartAsync();

    public Task DisposeAsync() => _redis.DisposeAsync();

    private static async Task<string?> FindAsync(RedisStores stores)
    {
        try
        {
            return await stores.Links.FindAsync("anna", default);
        }
        catch (RedisException)
        {
            return null; // The connection is not back yet.
        }
    }
}
