namespace Kameleoon.Hybrid;

/// <summary>Remembers which requests were taken, so that one that is sent again counts once.</summary>
/// <remarks>Without one of your own or a database, this process remembers the latest 100,000 keys.</remarks>
public interface IIdempotencyKeyStore
{
    /// <summary>Claims a key for a caller. Keys are kept for at least a day.</summary>
    /// <param name="caller">Whose key it is: the visitor code. Callers do not see each other's keys.</param>
    /// <param name="key">The key: 1 to 100 visible ASCII characters.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>Whether the caller uses it for the first time.</returns>
    ValueTask<bool> TryAddAsync(string caller, string key, CancellationToken cancellationToken);
}
