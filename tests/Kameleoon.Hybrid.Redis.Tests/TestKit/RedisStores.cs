namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>The stores of one server, without the server.</summary>
internal sealed class RedisStores : IAsyncDisposable
{
    private readonly ServiceProvider _services;

    internal RedisStores(RedisServer redis, string site, Action<KameleoonOptions>? options = null)
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(settings =>
        {
            settings.SiteCode = site;
            settings.SessionDuration = TimeSpan.FromMinutes(1);
            settings.Identity.StorePlainUserIds = true;
            options?.Invoke(settings);
        }).AddRedisStore(redis.Address, links: true);
        _services = services.BuildServiceProvider();
    }

    internal IVisitorSessionStore Sessions => _services.GetRequiredService<IVisitorSessionStore>();

    internal IVisitorSessionFeed Feed => (IVisitorSessionFeed)Sessions;

    internal IIdempotencyKeyStore Keys => _services.GetRequiredService<IIdempotencyKeyStore>();

    internal IVisitorLinkStore Links => _services.GetRequiredService<IVisitorLinkStore>();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
