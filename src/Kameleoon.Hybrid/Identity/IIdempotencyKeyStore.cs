namespace Kameleoon.Hybrid.Stores;

/// <summary>Stores the idempotency keys of accepted requests, so that a request that is sent again counts once.</summary>
/// <remarks>Without a store, this process keeps the latest 100,000 keys in memory, 1,000 of each caller. A key is claimed before a
/// request is processed and confirmed once its events are safe. If the process ends in between, the request counts when it is sent
/// again. Implementations are safe for concurrent use.</remarks>
public interface IIdempotencyKeyStore
{
    /// <summary>Claims a key for an attempt. A claim that is neither confirmed nor released lasts
    /// <see cref="KameleoonIdentityOptions.KeyLease"/>; after that another attempt can claim the key for the same content.
    /// Confirmed keys are kept for at least two days.</summary>
    /// <param name="key">The key of a caller, and the attempt.</param>
    /// <param name="content">The hash of the request body: 43 letters, digits, '-' and '_'. It is stored with the key.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<IdempotencyClaim> ClaimAsync(IdempotencyKey key, string content, CancellationToken cancellationToken);

    /// <summary>Returns the caller whose key was used for some content. A visitor whose code changes between two attempts, as
    /// by a sign-in, is found under the earlier code.</summary>
    /// <param name="callers">Visitor codes of one person, up to 1,001.</param>
    /// <param name="key">The key.</param>
    /// <param name="content">The hash of the request body.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The first such caller, whether the key is confirmed or claimed; null when there is none.</returns>
    ValueTask<string?> FindCallerAsync(
        IReadOnlyCollection<string> callers, string key, string content, CancellationToken cancellationToken);

    /// <summary>Confirms a key. Does nothing if the attempt does not hold the claim any more.</summary>
    /// <param name="key">The key as it was claimed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ConfirmAsync(IdempotencyKey key, CancellationToken cancellationToken);

    /// <summary>Releases a key, so that it can be claimed again. Does nothing if the key is confirmed, or if the attempt does
    /// not hold the claim any more.</summary>
    /// <param name="key">The key as it was claimed.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken);
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
