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
    private readonly TimeProvider _clock;
    private readonly LateReleases _late;

    public IdempotencyGuard(
        IIdempotencyKeyStore keys, TimeProvider clock, IOptions<KameleoonOptions> options, ILogger<IdempotencyGuard> logger)
    {
        var identity = options.Value.Identity;
        (_keys, _clock) = (keys, clock);
        _guard = new StoreGuard(
            identity.Timeout,
            clock,
            new StoreMessages(logger.KeysUnavailable, logger.KeysRecovered, logger.KeysUnavailable),

            // Releases a key that no caller has: visitor codes are never empty.
            probe: token => keys.ReleaseAsync(new IdempotencyKey("", "probe", Guid.Empty), token).AsTask());
        _late = new LateReleases(key => TryReleaseAsync(key, StoreCaller.Background), identity.KeyLease, clock);
    }

    public void Dispose() => _late.Dispose();

    /// <summary>Claims a key for a new attempt.</summary>
    internal async Task<(ClaimedKey Key, IdempotencyClaim Claim)> ClaimAsync(string caller, string key, string content)
    {
        var claimed = new ClaimedKey(new IdempotencyKey(caller, key, Guid.NewGuid()), _clock.GetTimestamp());
        var reply = await _guard.WriteAsync(
            token => _keys.ClaimAsync(claimed.Key, content, token),
            StoreCaller.Request,
            owner: caller,
            isWrite: static claim => claim == IdempotencyClaim.New,
            CancellationToken.None);
        return (claimed, reply is { IsDone: true, Answer: var claim } ? claim : IdempotencyClaim.New);
    }

    /// <summary>Returns the caller whose key was used for some content, or null.</summary>
    internal async Task<string?> FindCallerAsync(IReadOnlyCollection<string> callers, string key, string content) =>
        (await _guard.AskAsync(token => _keys.FindCallerAsync(callers, key, content, token), StoreCaller.Request)).Answer;

    internal async Task ConfirmAsync(ClaimedKey claimed) =>
        await _guard.RunAsync(token => _keys.ConfirmAsync(claimed.Key, token), StoreCaller.Request);

    /// <summary>Releases a key. When that fails, it is tried again in the background until the claim expires.</summary>
    internal async Task ReleaseAsync(ClaimedKey claimed)
    {
        if (!await TryReleaseAsync(claimed.Key, StoreCaller.Request))
        {
            _late.Add(claimed);
        }
    }

    private async Task<bool> TryReleaseAsync(IdempotencyKey key, StoreCaller caller) =>
        (await _guard.RunAsync(token => _keys.ReleaseAsync(key, token), caller)).IsDone;
}
