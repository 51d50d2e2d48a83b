using Microsoft.Extensions.Caching.Memory;

namespace Kameleoon.Hybrid;

/// <summary>The keys of requests that this process took, where no database remembers them.</summary>
internal sealed class RememberedKeys : IIdempotencyKeyStore, IDisposable
{
    private const int Capacity = 100_000;

    private static readonly MemoryCacheEntryOptions Entry =
        new() { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) };

    private readonly MemoryCache _keys = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public ValueTask<bool> TryAddAsync(string caller, string key, CancellationToken cancellationToken)
    {
        var mine = new object();
        lock (_keys)
        {
            return new(ReferenceEquals(
                _keys.TryGetValue((caller, key), out var earlier) ? earlier : _keys.Set((caller, key), mine, Entry), mine));
        }
    }

    public void Dispose() => _keys.Dispose();
}
