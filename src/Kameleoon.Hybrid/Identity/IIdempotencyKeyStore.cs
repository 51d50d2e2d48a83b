namespace Kameleoon.Hybrid.Stores;

/// <summary>Stores the idempotency keys of accepted requests, so that a request that is sent again counts once.</summary>
/// <remarks>Without a store, this process keeps the latest 100,000 keys in memory. A key is claimed before a request is
/// processed and confirmed once its events are safe. If the process ends in between, the request counts when it is sent
/// again. Implementations are safe for concurrent use.</remarks>
public interface IIdempotencyKeyStore
{
    /// <summary>Claims a key for a caller. A claim that is neither confirmed nor released lasts
    /// <see cref="KameleoonIdentityOptions.KeyLease"/>; after that the key can be claimed again for the same content. Confirmed
    /// keys are kept for at least one day.</summary>
    /// <param name="caller">The visitor code of the caller. Each caller has keys of its own.</param>
    /// <param name="key">The key: 1 to 100 visible ASCII characters.</param>
    /// <param name="content">The hash of the request body: 43 letters, digits, '-' and '_'. It is stored with the key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken);

    /// <summary>Confirms a claimed key.</summary>
    /// <param name="caller">The visitor code of the caller.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ConfirmAsync(string caller, string key, CancellationToken cancellationToken);

    /// <summary>Releases a claimed key, so that it can be claimed again. A confirmed key is not changed.</summary>
    /// <param name="caller">The visitor code of the caller.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ReleaseAsync(string caller, string key, CancellationToken cancellationToken);
}

/// <summary>The result of claiming an idempotency key.</summary>
public enum IdempotencyClaim
{
    /// <summary>The key is claimed. The caller confirms or releases it.</summary>
    New,

    /// <summary>The key was confirmed before, for the same content.</summary>
    Repeated,

    /// <summary>The key was used before, for other content.</summary>
    Other,

    /// <summary>The key is claimed for the same content and not confirmed yet: another request is being processed, or its
    /// server ended less than <see cref="KameleoonIdentityOptions.KeyLease"/> ago.</summary>
    Pending,
}
