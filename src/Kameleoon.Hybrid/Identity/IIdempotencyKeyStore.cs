namespace Kameleoon.Hybrid.Stores;

/// <summary>Remembers which requests were taken, so that one that is sent again counts once.</summary>
/// <remarks>Without one of your own or a database, this process remembers the latest 100,000 keys. A key is claimed before
/// a request is taken and confirmed once what it says is safe: a process that ends in between has taken nothing, and the
/// request counts when it is sent again.</remarks>
public interface IIdempotencyKeyStore
{
    /// <summary>Claims a key for a caller. Whoever claimed it has a minute to confirm; after that it is free for the same
    /// content. Confirmed keys are kept for at least a day.</summary>
    /// <param name="caller">Whose key it is: the visitor code. Callers do not see each other's keys.</param>
    /// <param name="key">The key: 1 to 100 visible ASCII characters.</param>
    /// <param name="content">What the request says, hashed: 43 letters, digits, '-' and '_'. It is kept with the key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken);

    /// <summary>Says that what was claimed is taken.</summary>
    /// <param name="caller">Whose key it is.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ConfirmAsync(string caller, string key, CancellationToken cancellationToken);

    /// <summary>Says that what was claimed is not taken, so that the key is free again. Nothing happens to a key that is
    /// confirmed.</summary>
    /// <param name="caller">Whose key it is.</param>
    /// <param name="key">The key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask ReleaseAsync(string caller, string key, CancellationToken cancellationToken);
}

/// <summary>What became of a claim to a key.</summary>
public enum IdempotencyClaim
{
    /// <summary>The key is the caller's to confirm.</summary>
    New,

    /// <summary>The caller used it before, for the same content.</summary>
    Repeated,

    /// <summary>The caller used it before, for other content.</summary>
    Other,

    /// <summary>Another request of the caller, with the same content, is being taken, or was broken off less than a minute
    /// ago.</summary>
    Pending,
}
