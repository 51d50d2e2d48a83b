namespace Kameleoon.Hybrid.Stores;

/// <summary>Lets the servers of a farm agree on the one that fetches the data file, and tells the others of it. An
/// <see cref="ILastGoodCopy"/> may implement it.</summary>
/// <remarks>The holder asks the platform and listens to its event stream; the others read the copy. Each server tries to take the
/// lease every ten seconds. Where a call fails, the server asks the platform itself.</remarks>
public interface IDataFileLease
{
    /// <summary>Takes the lease, or prolongs it where this server holds it.</summary>
    /// <param name="key">The data file.</param>
    /// <param name="duration">How long the lease lasts from now, by the store's clock.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>Whether this server holds the lease.</returns>
    Task<bool> TryHoldAsync(DataFileKey key, TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>Gives the lease up, if this server holds it.</summary>
    /// <param name="key">The data file.</param>
    /// <param name="pause">How long no server can take it: zero, or the time until the next attempt after the platform did not
    /// answer.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    Task ReleaseAsync(DataFileKey key, TimeSpan pause, CancellationToken cancellationToken);

    /// <summary>Listens for copies that other servers store or confirm, until it is cancelled. It is called again a second after
    /// it returned or threw.</summary>
    /// <param name="key">The data file.</param>
    /// <param name="stored">Takes the notice. It neither waits nor throws.</param>
    /// <param name="cancellationToken">Ends the call with an <see cref="OperationCanceledException"/>.</param>
    Task ListenAsync(DataFileKey key, Action stored, CancellationToken cancellationToken);
}
