namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Servers that share a Redis count the visitors of an experiment together.</summary>
public sealed class RedisExperimentFeedTests : IAsyncLifetime
{
    private const string Halves = """
        { "featureFlags": [{
          "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
          "variations": [{ "key": "off" }, { "key": "on" }],
          "rules": [{ "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7001, "variationByExposition": [
            { "variationKey": "off", "variationId": 1, "exposition": 0.5 }, { "variationKey": "on", "variationId": 2, "exposition": 0.5 }] }]
        }] }
        """;

    private readonly RedisServer _redis = new();

    public Task InitializeAsync() => _redis.StartAsync();

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task A_visitor_of_two_servers_counts_once_on_both()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Decide(first, from: 0, to: 300);
        Decide(second, from: 200, to: 500);

        await ExchangeAsync(first);
        await ExchangeAsync(second);
        await ExchangeAsync(first);

        Decided(first).Sum().ShouldBeInRange(497, 500); // Two visitors may have one place.
        Decided(second).Sum().ShouldBe(Decided(first).Sum());
    }

    [Fact]
    public async Task The_servers_exchange_their_counts_by_themselves()
    {
        await using var first = await StartAsync();
        await using var second = await StartAsync();
        Decide(first, from: 0, to: 10);

        await Eventually.IsTrueAsync(() => Find(second)?.Window is not null && Decided(second).Sum() == 10);
    }

    [Fact]
    public async Task The_messages_expire()
    {
        await using var site = await StartAsync();
        Decide(site, from: 0, to: 10);

        await ExchangeAsync(site);

        await using var connection = await ConnectionMultiplexer.ConnectAsync(_redis.Address);
        var left = await connection.GetDatabase().KeyTimeToLiveAsync("kameleoon:{abcde12345}:experiments");
        left.ShouldNotBeNull().ShouldBeInRange(TimeSpan.FromDays(6), TimeSpan.FromDays(7));
    }

    private Task<RedisSite> StartAsync() =>
        RedisSite.StartAsync(kameleoon => kameleoon
            .AddRedisStore(_redis.Address).AddKameleoonTrust().UseDataFile(new InMemoryDataFile(Halves)));

    private static void Decide(RedisSite site, int from, int to)
    {
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        for (var visitor = from; visitor < to; visitor++)
        {
            factory.ForVisitor($"visitor{visitor}").GetVariation("checkout");
        }
    }

    private static ExperimentTally? Find(RedisSite site) => site.App.Services.GetRequiredService<TrustMonitor>().Find(7001);

    private static long[] Decided(RedisSite site) => Find(site)!.Window!.Read(VisitorStages.Decided);

    private static Task ExchangeAsync(RedisSite site) =>
        site.App.Services.GetRequiredService<FarmCounts>().ExchangeAsync(CancellationToken.None);
}
