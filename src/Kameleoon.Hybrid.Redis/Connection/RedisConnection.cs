using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>The connection to Redis: the application's, or one of its own, which reconnects by itself. Safe for concurrent use.
/// </summary>
/// <remarks>StackExchange.Redis takes no cancellation tokens. A call that is cancelled is abandoned, and may still be
/// executed.</remarks>
internal sealed class RedisConnection(RedisStoreOptions options, IConnectionMultiplexer? applications = null) : IAsyncDisposable
{
    private readonly Lock _gate = new();
    private Task<IConnectionMultiplexer>? _own;

    /// <summary>Returns the connection. It may not be connected.</summary>
    internal Task<IConnectionMultiplexer> GetAsync()
    {
        if (options.Configuration is not { } configuration)
        {
            return Task.FromResult(applications ?? throw new InvalidOperationException(
                "AddRedisStore() uses the application's connection to Redis, and there is none. Register a singleton of "
                + "IConnectionMultiplexer, or call AddRedisStore(configuration)."));
        }

        lock (_gate)
        {
            // The configuration may have been invalid for a while, for example because a name was not known.
            return _own is { IsFaulted: false } ? _own : _own = ConnectAsync(configuration);
        }
    }

    /// <summary>Runs a script, which Redis executes as one step.</summary>
    /// <exception cref="StoreUnusableException">Redis refuses all writes.</exception>
    internal async ValueTask<RedisResult> RunAsync(
        string script, RedisKey[] keys, RedisValue[] values, CancellationToken cancellation)
    {
        var connection = await GetAsync().WaitAsync(cancellation);
        try
        {
            return await connection.GetDatabase().ScriptEvaluateAsync(script, keys, values).WaitAsync(cancellation);
        }
        catch (RedisServerException refusal) when (RemedyOf(refusal.Message) is { } remedy)
        {
            throw new StoreUnusableException("Redis refuses what is written. " + remedy, refusal);
        }
    }

    /// <summary>Listens to a channel until cancelled.</summary>
    internal async Task ListenAsync(RedisChannel channel, Action<RedisValue> receive, CancellationToken cancellation)
    {
        var subscriber = (await GetAsync().WaitAsync(cancellation)).GetSubscriber();
        var queue = await subscriber.SubscribeAsync(channel).WaitAsync(cancellation);
        try
        {
            await foreach (var message in queue.WithCancellation(cancellation))
            {
                receive(message.Message);
            }
        }
        finally
        {
            await queue.UnsubscribeAsync(CommandFlags.FireAndForget);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_own is { IsCompletedSuccessfully: true } own)
        {
            await (await own).DisposeAsync();
        }
    }

    // A script that fails names the command's error at the beginning, or behind its own.
    private static string? RemedyOf(string error) =>
        error.Contains("OOM ", StringComparison.Ordinal)
            ? "Its memory is full. Raise maxmemory, or remove keys of other applications."
            : error.Contains("READONLY ", StringComparison.Ordinal)
                ? "It is a replica. Connect to the primary."
                : error.Contains("MISCONF ", StringComparison.Ordinal)
                    ? "It cannot write to its disk. Free disk space, and read its log."
                    : null;

    private static async Task<IConnectionMultiplexer> ConnectAsync(ConfigurationOptions configuration)
    {
        // Calls fail at once while Redis is unavailable: the page continues without it.
        var own = configuration.Clone();
        own.AbortOnConnectFail = false;
        own.BacklogPolicy = BacklogPolicy.FailFast;
        own.ClientName ??= "kameleoon";
        return await ConnectionMultiplexer.ConnectAsync(own);
    }
}
