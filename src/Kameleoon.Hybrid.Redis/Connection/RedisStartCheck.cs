using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Warns once where Redis may lose what it confirmed.</summary>
/// <remarks>The start does not wait for it, and fails only if the application registered no connection.</remarks>
internal sealed class RedisStartCheck(
    RedisConnection redis, RedisStoreOptions options, TimeProvider clock, ILogger<RedisStartCheck> logger) : BackgroundService
{
    // As a script, because the client sends the command itself only for administrators.
    private const string Info = "return redis.call('INFO')";

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
            Warn((await redis.RunAsync(Info, [], [], cancellation)).ToString()
                .Split('\n', StringSplitOptions.TrimEntries)
                .Select(static line => line.Split(':', 2))
                .Where(static pair => pair.Length == 2)
                .ToLookup(static pair => pair[0], static pair => pair[1], StringComparer.Ordinal));
            return true;
        }
        catch (RedisServerException)
        {
            return true; // The server does not tell.
        }
#pragma warning disable CA1031 // An exception would end the application.
        catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
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
