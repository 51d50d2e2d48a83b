using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Calls the store of idempotency keys. While the store is unavailable every key counts as new: an event that may
/// count twice is better than one that is lost.</summary>
/// <remarks>The calls are not cancelled with the request. If the client disconnects while its key is written, its retry
/// would otherwise be answered as already accepted.</remarks>
internal sealed class IdempotencyGuard : IDisposable
{
    private readonly IIdempotencyKeyStore _keys;
    private readonly StoreGuard _guard;
    private readonly LateReleases _late;

    public IdempotencyGuard(
        IIdempotencyKeyStore keys, TimeProvider clock, IOptions<KameleoonOptions> options, ILogger<IdempotencyGuard> logger)
    {
        var identity = options.Value.Identity;
        _keys = keys;
        _guard = new StoreGuard(
            identity.Timeout,
            clock,
            new StoreMessages(logger.KeysUnavailable, logger.KeysRecovered, logger.KeysUnavailable),

            // Releases a key that no caller has: visitor codes are never empty.
            probe: token => keys.ReleaseAsync("", "probe", token).AsTask());
        _late = new LateReleases(key => TryReleaseAsync(key, StoreCaller.Background), identity.KeyLease, clock);
    }

    public void Dispose() => _late.Dispose();

    internal async Task<IdempotencyClaim> ClaimAsync(string caller, string key, string content) =>
        await _guard.AskAsync(token => _keys.ClaimAsync(caller, key, content, token), StoreCaller.Request)
            is { IsDone: true, Answer: var claim }
            ? claim
            : IdempotencyClaim.New;

    internal async Task ConfirmAsync(string caller, string key) =>
        await _guard.RunAsync(token => _keys.ConfirmAsync(caller, key, token), StoreCaller.Request);

    /// <summary>Releases a key. When that fails, it is tried again in the background until the claim expires.</summary>
    internal async Task ReleaseAsync(string caller, string key)
    {
        var released = new IdempotencyKey(caller, key);
        if (!await TryReleaseAsync(released, StoreCaller.Request))
        {
            _late.Add(released);
        }
    }

    private async Task<bool> TryReleaseAsync(IdempotencyKey key, StoreCaller caller) =>
        (await _guard.RunAsync(token => _keys.ReleaseAsync(key.Caller, key.Key, token), caller)).IsDone;
}
