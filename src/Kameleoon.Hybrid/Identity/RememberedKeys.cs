using Microsoft.Extensions.Caching.Memory;

namespace Kameleoon.Hybrid;

/// <summary>The keys of requests that this process took, where no database remembers them.</summary>
internal sealed class RememberedKeys : IIdempotencyKeyStore, IDisposable
{
    private const int Capacity = 100_000;

    private static readonly MemoryCacheEntryOptions Entry =
        new() { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) };

    private readonly MemoryCache _keys = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            if (_keys.TryGetValue((caller, key), out string? earlier))
            {
                return new(string.Equals(earlier, content, StringComparison.Ordinal)
                    ? IdempotencyClaim.Repeated
                    : IdempotencyClaim.Other);
            }

            _keys.Set((caller, key), content, Entry);
            return new(IdempotencyClaim.New);
        }
    }

    public void Dispose() => _keys.Dispose();
}
