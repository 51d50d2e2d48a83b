using Microsoft.Extensions.Caching.Memory;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps idempotency keys in the memory of this process. Used when the application adds no store of keys.</summary>
internal sealed class InMemoryIdempotencyKeys(TimeProvider clock, IOptions<KameleoonOptions> options)
    : IIdempotencyKeyStore, IDisposable
{
    private const int Capacity = 100_000;

    private static readonly MemoryCacheEntryOptions Entry =
        new() { Size = 1, AbsoluteExpirationRelativeToNow = TimeSpan.FromDays(1) };

    private readonly TimeSpan _lease = options.Value.Identity.KeyLease;
    private readonly MemoryCache _keys = new(new MemoryCacheOptions { SizeLimit = Capacity });

    public ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            if (_keys.TryGetValue((caller, key), out Claim? earlier) && earlier is not null)
            {
                if (!string.Equals(earlier.Content, content, StringComparison.Ordinal))
                {
                    return new(IdempotencyClaim.Other);
                }

                if (earlier.IsConfirmed || clock.GetElapsedTime(earlier.Since) < _lease)
                {
                    return new(earlier.IsConfirmed ? IdempotencyClaim.Repeated : IdempotencyClaim.Pending);
                }
            }

            _keys.Set((caller, key), new Claim(content, clock.GetTimestamp(), IsConfirmed: false), Entry);
            return new(IdempotencyClaim.New);
        }
    }

    public ValueTask ConfirmAsync(string caller, string key, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            if (_keys.TryGetValue((caller, key), out Claim? claim) && claim is not null)
            {
                _keys.Set((caller, key), claim with { IsConfirmed = true }, Entry);
            }
        }

        return default;
    }

    public ValueTask ReleaseAsync(string caller, string key, CancellationToken cancellationToken)
    {
        lock (_keys)
        {
            if (_keys.TryGetValue((caller, key), out Claim? claim) && claim is { IsConfirmed: false })
            {
                _keys.Remove((caller, key));
            }
        }

        return default;
    }

    public void Dispose() => _keys.Dispose();

    private sealed record Claim(string Content, long Since, bool IsConfirmed);
}
