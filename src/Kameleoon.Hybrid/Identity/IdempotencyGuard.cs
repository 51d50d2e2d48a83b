using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Calls the store of idempotency keys. While the store is unavailable every key counts as new: an event that may
/// count twice is better than one that is lost.</summary>
/// <remarks>The calls are not cancelled with the request. If the client disconnects while its key is written, its retry
/// would otherwise be answered as already accepted.</remarks>
internal sealed class IdempotencyGuard(
    IIdempotencyKeyStore keys, TimeProvider clock, IOptions<KameleoonOptions> options, ILogger<IdempotencyGuard> logger)
{
    private readonly StoreGuard _guard = new(
        options.Value.Identity.Timeout,
        clock,
        new StoreMessages(logger.KeysUnavailable, logger.KeysRecovered, logger.KeysUnavailable),

        // Releases a key that no caller has: visitor codes are never empty.
        probe: token => keys.ReleaseAsync("", "probe", token).AsTask());

    internal async Task<IdempotencyClaim> ClaimAsync(string caller, string key, string content) =>
        await _guard.AskAsync(token => keys.ClaimAsync(caller, key, content, token), StoreCaller.Request)
            is { IsDone: true, Answer: var claim }
            ? claim
            : IdempotencyClaim.New;

    internal async Task ConfirmAsync(string caller, string key) =>
        await _guard.RunAsync(token => keys.ConfirmAsync(caller, key, token), StoreCaller.Request);

    internal async Task ReleaseAsync(string caller, string key) =>
        await _guard.RunAsync(token => keys.ReleaseAsync(caller, key, token), StoreCaller.Request);
}
