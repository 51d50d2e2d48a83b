using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Servers that share a data file by a Redis and a platform of their own.</summary>
public abstract class FarmTests : IAsyncLifetime
{
    private protected RedisServer Redis { get; } = new();

    private protected FarmPlatform Platform { get; private set; } = null!;

    private protected string Lease => RedisKeys.DataFileLease(Key("production")).ToString();

    public async Task InitializeAsync()
    {
        await Redis.StartAsync();
        Platform = await FarmPlatform.StartAsync(FarmPlatform.With("first"));
    }

    public async Task DisposeAsync()
    {
        await Platform.DisposeAsync();
        await Redis.DisposeAsync();
    }

    private protected string Copy(string environment = "production") => RedisKeys.DataFile(Key(environment)).ToString();

    private protected Task<FarmSite> StartAsync(Action<KameleoonOptions>? options = null) =>
        FarmSite.StartAsync(Platform, kameleoon => kameleoon.AddRedisStore(Redis.Address), options);

    private DataFileKey Key(string environment)
    {
        var options = new KameleoonOptions { SiteCode = "abcde12345", Environment = environment };
        options.Endpoints.Configuration = Platform.Address;
        return new(options.SiteCode, environment, FarmStore.AddressOf(new PlatformEndpoints(Options.Create(options))));
    }
}
