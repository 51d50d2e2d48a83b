using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Warns once where Redis may lose what it confirmed.</summary>
/// <remarks>The start does not wait for it, and fails only if the application registered no connection.</remarks>
internal sealed class RedisStartCheck(
    RedisConnection redis, RedisStoreOptions options, TimeProvider clock, ILogger<RedisStartCheck> logger) : BackgroundService
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(10);

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _ = redis.GetAsync();
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (!await TryCheckAsync(stoppingToken))
            {
                await Task.Delay(Retry, clock, stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The application stops.
        }
    }

    private async Task<bool> TryCheckAsync(CancellationToken cancellation)
    {
        try
        {
            var connection = await redis.GetAsync().WaitAsync(cancellation);
            var server = connection.GetServers().FirstOrDefault(static one => one is { IsConnected: true, IsReplica: false });
            if (server is null)
            {
                return false;
            }

            Warn((await server.InfoAsync().WaitAsync(cancellation))
                .SelectMany(static section => section)
                .ToLookup(static one => one.Key, static one => one.Value, StringComparer.Ordinal));
            return true;
        }
        catch (Exception failure) when (failure is RedisServerException or RedisCommandException)
        {
            return true; // The server does not tell, or the connection may not ask: it has no allowAdmin.
        }
        catch (Exception failure) when (failure is RedisException or TimeoutException)
        {
            return false;
        }
    }

    private void Warn(ILookup<string, string> info)
    {
        if (options.HasLinks && info["aof_enabled"].FirstOrDefault() is "0")
        {
            logger.LinksNotPersistent();
        }

        if (info["maxmemory"].FirstOrDefault() is not (null or "0")
            && info["maxmemory_policy"].FirstOrDefault() is { } policy and not "noeviction")
        {
            logger.RedisEvicts(policy, options.HasLinks ? "links and idempotency keys" : "idempotency keys");
        }
    }
}
