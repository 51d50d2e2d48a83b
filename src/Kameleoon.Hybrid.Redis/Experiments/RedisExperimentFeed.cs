using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Passes the counts of experiments through a stream of Redis, which keeps about 5,000 messages.</summary>
internal sealed class RedisExperimentFeed(RedisConnection redis, RedisKeys keys) : IExperimentFeed
{
    private const int MaxMessages = 5000;
    private const int PageSize = 100;

    private static readonly long Lifetime = (long)TimeSpan.FromDays(7).TotalMilliseconds;

    // KEYS: the stream. ARGV: how many messages it keeps, the message, its lifetime in milliseconds.
    private const string Add = """
        redis.call('XADD', KEYS[1], 'MAXLEN', '~', ARGV[1], '*', 'counts', ARGV[2])
        redis.call('PEXPIRE', KEYS[1], ARGV[3])
        """;

    // KEYS: the stream. ARGV: the first id, how many messages.
    private const string Read = "return redis.call('XRANGE', KEYS[1], ARGV[1], '+', 'COUNT', ARGV[2])";

    public async ValueTask AddAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken) =>
        await redis.RunAsync(Add, [keys.Experiments], [MaxMessages, message, Lifetime], cancellationToken);

    public async ValueTask<ExperimentMessages> ReadAsync(string? after, CancellationToken cancellationToken)
    {
        var reply = await redis.RunAsync(
            Read, [keys.Experiments], [after is null ? "-" : "(" + after, PageSize], cancellationToken);
        RedisResult[] entries = (RedisResult[]?)reply ?? [];
        var messages = new ReadOnlyMemory<byte>[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            messages[i] = (byte[]?)entries[i][1][1] ?? [];
            after = (string?)entries[i][0];
        }

        return new ExperimentMessages(messages, after);
    }
}
