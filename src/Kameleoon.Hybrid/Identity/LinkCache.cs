using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>A bounded cache of the users whom this process looked up, by user id.</summary>
/// <remarks>The key is the plain user id, because hashing it would cost more than the rest of a known user's request.
/// </remarks>
internal sealed class LinkCache(IOptions<KameleoonOptions> options, TimeProvider clock) : IDisposable
{
    private readonly MemoryCache _users = new(new MemoryCacheOptions { SizeLimit = options.Value.Identity.CacheSize });
    private readonly MemoryCacheEntryOptions _entry = new() { Size = 1 };
    private readonly long _lifetime = Ticks(options.Value.Identity.CacheDuration, clock);
    private readonly long _negativeLifetime = Ticks(options.Value.Identity.NegativeCacheDuration, clock);
    private int _removals;

    /// <summary>The number of removals so far. Read it before the store is asked, and pass it to <see cref="Keep"/>.</summary>
    internal int Removals => Volatile.Read(ref _removals);

    internal LinkedUser? Find(string userId) =>
        _users.TryGetValue(userId, out var found)
        && found is LinkedUser user
        && clock.GetTimestamp() < user.Expires
            ? user
            : null;

    /// <param name="userId">The user's id in the application.</param>
    /// <param name="key">The user's key in the store.</param>
    /// <param name="code">The user's code, or null.</param>
    /// <param name="removals">The value of <see cref="Removals"/> before the store was asked. An answer that is older than a
    /// removal is not cached, because it may be about the removed user.</param>
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
