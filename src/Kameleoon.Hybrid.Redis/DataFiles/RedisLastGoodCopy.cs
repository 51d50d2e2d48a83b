using System.Globalization;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Keeps the last good data file in Redis, where a lease elects the server that fetches it for all.</summary>
/// <remarks>Each call is one script.</remarks>
internal sealed class RedisLastGoodCopy(RedisConnection redis, TimeProvider clock) : ILastGoodCopy, IDataFileLease
{
    // A copy that no server has confirmed for so long is of a site or an environment that is not used any more.
    private static readonly long Lifetime = (long)TimeSpan.FromDays(30).TotalMilliseconds;

    private readonly string _server = Guid.NewGuid().ToString("N");

    public async Task<KeptDataFile?> ReadAsync(DataFileKey key, string? knownVersion, CancellationToken cancellationToken)
    {
        try
        {
            var reply = await redis.RunAsync(
                DataFileScripts.Read, [RedisKeys.DataFile(key)], [knownVersion ?? ""], cancellationToken);
            return reply.IsNull ? null : Read((RedisValue[])reply!);
        }
        catch (RedisServerException e) when (e.Message.Contains("WRONGTYPE", StringComparison.Ordinal))
        {
            return Unreadable;
        }
    }

    public async Task<bool> WriteAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        RedisValue[] values =
        [
            dataFile.Version, dataFile.Content!.Value, dataFile.LastModified ?? "",
            dataFile.ModifiedAt is { } modified ? modified.ToUnixTimeMilliseconds() : "", AgeOf(dataFile), Lifetime,
            (string)RedisKeys.DataFileChannel(key)!, _server,
        ];
        return (bool)await redis.RunAsync(DataFileScripts.Write, [RedisKeys.DataFile(key)], values, cancellationToken);
    }

    public async Task<bool> ConfirmAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(dataFile);
        RedisValue[] values =
        [
            dataFile.Version, dataFile.LastModified ?? "", AgeOf(dataFile), Lifetime, (string)RedisKeys.DataFileChannel(key)!,
            _server,
        ];
        return (bool)await redis.RunAsync(DataFileScripts.Confirm, [RedisKeys.DataFile(key)], values, cancellationToken);
    }

    public async Task<bool> TryHoldAsync(DataFileKey key, TimeSpan duration, CancellationToken cancellationToken) =>
        (bool)await redis.RunAsync(
            DataFileScripts.Hold, [RedisKeys.DataFileLease(key)], [_server, MillisecondsOf(duration)], cancellationToken);

    public async Task ReleaseAsync(DataFileKey key, TimeSpan pause, CancellationToken cancellationToken) => await redis.RunAsync(
        DataFileScripts.Release, [RedisKeys.DataFileLease(key)], [_server, MillisecondsOf(pause)], cancellationToken);

    public Task ListenAsync(DataFileKey key, Action stored, CancellationToken cancellationToken) =>
        redis.ListenAsync(
            RedisKeys.DataFileChannel(key),
            message =>
            {
                if (message != _server)
                {
                    stored();
                }
            },
            cancellationToken);

    // The library refuses a copy without content, and replaces it.
    private static KeptDataFile Unreadable => new("", ReadOnlyMemory<byte>.Empty, null, null, DateTimeOffset.MinValue);

    private static long MillisecondsOf(TimeSpan time) => (long)time.TotalMilliseconds;

    private KeptDataFile Read(RedisValue[] copy)
    {
        var isDated = copy[2].TryParse(out long modified) && modified is > 0 and < 253402300800000;
        return new(
            copy[0].ToString(),
            copy[4].IsNull ? null : (ReadOnlyMemory<byte>)copy[4],
            copy[1].IsNullOrEmpty ? null : copy[1].ToString(),
            isDated ? DateTimeOffset.FromUnixTimeMilliseconds(modified) : null,
            clock.GetUtcNow() - TimeSpan.FromMilliseconds(long.Parse(copy[3].ToString(), CultureInfo.InvariantCulture)));
    }

    private long AgeOf(KeptDataFile dataFile) => Math.Max(0, MillisecondsOf(clock.GetUtcNow() - dataFile.ConfirmedAt));
}
