namespace Kameleoon.Hybrid;

/// <summary>Remembers which requests were taken, so that one that is sent again counts once.</summary>
/// <remarks>Without one of your own or a database, this process remembers the latest 100,000 keys.</remarks>
public interface IIdempotencyKeyStore
{
    /// <summary>Claims a key for a caller. Keys are kept for at least a day.</summary>
    /// <param name="caller">Whose key it is: the visitor code. Callers do not see each other's keys.</param>
    /// <param name="key">The key: 1 to 100 visible ASCII characters.</param>
    /// <param name="content">What the request says, hashed: 43 letters, digits, '-' and '_'. It is kept with the key.</param>
    /// <param name="cancellationToken">Gives up.</param>
    ValueTask<IdempotencyClaim> ClaimAsync(
        string caller, string key, string content, CancellationToken cancellationToken);
}

/// <summary>What became of a claim to a key.</summary>
public enum IdempotencyClaim
{
    /// <summary>The caller uses the key for the first time.</summary>
    New,

    /// <summary>The caller used it before, for the same content.</summary>
    Repeated,

    /// <summary>The caller used it before, for other content.</summary>
    Other,
}
