using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The users whom this process has asked about lately, in a room that does not grow.</summary>
/// <remarks>By user id and not by its hash: hashing costs more than everything else a request of a known user does.
/// </remarks>
internal sealed class LinkCache(IOptions<KameleoonOptions> options, TimeProvider clock) : IDisposable
{
    private readonly MemoryCache _users = new(new MemoryCacheOptions { SizeLimit = options.Value.Identity.CacheSize });
    private readonly MemoryCacheEntryOptions _entry = new() { Size = 1 };
    private readonly long _lifetime = Ticks(options.Value.Identity.CacheDuration, clock);
    private readonly long _negativeLifetime = Ticks(options.Value.Identity.NegativeCacheDuration, clock);
    private int _removals;

    /// <summary>To be read before the store is asked, for <see cref="Keep"/>.</summary>
    internal int Removals => Volatile.Read(ref _removals);

    internal LinkedUser? Find(string userId) =>
        _users.TryGetValue(userId, out var found)
        && found is LinkedUser user
        && clock.GetTimestamp() < user.Expires
            ? user
            : null;

    /// <param name="userId">The user, as the application knows it.</param>
    /// <param name="key">The user, as the store does.</param>
    /// <param name="code">The user's code, or null.</param>
    /// <param name="removals">What <see cref="Removals"/> was before the store was asked: an answer from before somebody was
    /// forgotten may be about that person, and is not kept.</param>
    internal LinkedUser Keep(string userId, string key, string? code, int removals)
    {
        var user = new LinkedUser(
            userId, key, code, clock.GetTimestamp() + (code is null ? _negativeLifetime : _lifetime));
        _users.Set(userId, user, _entry);
        if (Removals != removals)
        {
            _users.Remove(userId);
        }

        return user;
    }

    internal void Remove(string userId)
    {
        Interlocked.Increment(ref _removals);
        _users.Remove(userId);
    }

    public void Dispose() => _users.Dispose();

    private static long Ticks(TimeSpan time, TimeProvider clock) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
