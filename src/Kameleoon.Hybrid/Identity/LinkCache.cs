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

    internal LinkedUser? Find(string userId) =>
        _users.TryGetValue(userId, out var found)
        && found is LinkedUser user
        && clock.GetTimestamp() < user.Expires
            ? user
            : null;

    internal LinkedUser Keep(string userId, string key, string? code)
    {
        var user = new LinkedUser(
            userId, key, code, clock.GetTimestamp() + (code is null ? _negativeLifetime : _lifetime));
        _users.Set(userId, user, _entry);
        return user;
    }

    internal void Remove(string userId) => _users.Remove(userId);

    public void Dispose() => _users.Dispose();

    private static long Ticks(TimeSpan time, TimeProvider clock) => (long)(time.TotalSeconds * clock.TimestampFrequency);
}
