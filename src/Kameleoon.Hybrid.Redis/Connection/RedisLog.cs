using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Redis;

/// <summary>What the Redis stores log.</summary>
internal static partial class RedisLog
{
    [LoggerMessage(801, LogLevel.Warning,
        "Redis keeps no append-only file, so links of users to visitor codes are lost when it restarts. Set appendonly yes, or "
        + "store links in a database.")]
    internal static partial void LinksNotPersistent(this ILogger logger);

    [LoggerMessage(802, LogLevel.Warning,
        "Redis removes keys when its memory is full (maxmemory-policy {Policy}), and may remove {What} that were confirmed. Set "
        + "maxmemory-policy noeviction.")]
    internal static partial void RedisEvicts(this ILogger logger, string policy, string what);
}
