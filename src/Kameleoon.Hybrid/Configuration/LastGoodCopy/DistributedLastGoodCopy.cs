using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Caching.Distributed;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the last good data file in the application's distributed cache: a line of our own, then the content.</summary>
/// <remarks>Such a cache has no atomic steps. Of two servers that write at the same moment the later one wins.</remarks>
internal sealed class DistributedLastGoodCopy(IDistributedCache cache) : ILastGoodCopy
{
    private const string Format = "kameleoon-copy 1";
    private const int MaxHeaderBytes = 1024;

    // Each server confirms the copy, and a cache can only replace it as a whole.
    private static readonly TimeSpan ConfirmationStep = TimeSpan.FromMinutes(15);
    private static readonly DistributedCacheEntryOptions Lifetime = new() { AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(30) };

    private readonly ConcurrentDictionary<DataFileKey, KeptDataFile> _confirmed = [];

    public async Task<KeptDataFile?> ReadAsync(DataFileKey key, string? knownVersion, CancellationToken cancellationToken) =>
        await cache.GetAsync(NameOf(key), cancellationToken) is { } bytes ? Read(bytes) : null;

    public async Task<bool> WriteAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken)
    {
        if (await ReadAsync(key, knownVersion: null, cancellationToken) is { } stored && IsNewer(stored, dataFile))
        {
            return false;
        }

        await cache.SetAsync(NameOf(key), Write(dataFile), Lifetime, cancellationToken);
        _confirmed[key] = dataFile with { Content = null };
        return true;
    }

    public async Task<bool> ConfirmAsync(DataFileKey key, KeptDataFile dataFile, CancellationToken cancellationToken)
    {
        if (_confirmed.TryGetValue(key, out var last) && (dataFile.ConfirmedAt - last.ConfirmedAt).Duration() < ConfirmationStep
            && last with { ConfirmedAt = dataFile.ConfirmedAt } == dataFile)
        {
            return true;
        }

        if (await ReadAsync(key, knownVersion: null, cancellationToken) is not { Content: not null } stored
            || !string.Equals(stored.Version, dataFile.Version, StringComparison.Ordinal))
        {
            return false;
        }

        await cache.SetAsync(NameOf(key), Write(dataFile with { Content = stored.Content }), Lifetime, cancellationToken);
        _confirmed[key] = dataFile;
        return true;
    }

    private static string NameOf(DataFileKey key) => "kameleoon:datafile:" + key;

    private static bool IsNewer(KeptDataFile stored, KeptDataFile other) =>
        stored.ModifiedAt is { } modified && other.ModifiedAt is { } others
            ? modified > others
            : stored.ConfirmedAt > other.ConfirmedAt;

    private static byte[] Write(KeptDataFile dataFile) =>
    [
        .. Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{Format}\t{dataFile.Version}\t{dataFile.LastModified}\t{dataFile.ModifiedAt:O}\t{dataFile.ConfirmedAt:O}\n")),
        .. dataFile.Content!.Value.Span,
    ];

    // What cannot be read is a copy without a version and without a document, which is refused, and replaced.
    private static KeptDataFile Read(byte[] bytes)
    {
        var end = bytes.AsSpan(0, Math.Min(bytes.Length, MaxHeaderBytes)).IndexOf((byte)'\n');
        var parts = end < 0 ? [] : Encoding.UTF8.GetString(bytes, 0, end).Split('\t');
        return parts is [Format, var version, var lastModified, var modifiedAt, var confirmedAt]
            && TryRead(confirmedAt) is { } confirmed
            ? new(version, bytes.AsMemory(end + 1), lastModified.Length > 0 ? lastModified : null, TryRead(modifiedAt), confirmed)
            : new("", ReadOnlyMemory<byte>.Empty, LastModified: null, ModifiedAt: null, DateTimeOffset.MinValue);
    }

    private static DateTimeOffset? TryRead(string time) =>
        DateTimeOffset.TryParseExact(time, "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out var read) ? read : null;
}
