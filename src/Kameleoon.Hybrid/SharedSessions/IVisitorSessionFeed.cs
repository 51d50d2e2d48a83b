namespace Kameleoon.Hybrid.Stores;

/// <summary>Tells a server at once whose entries another server changed. An <see cref="IVisitorSessionStore"/> may implement it.
/// </summary>
/// <remarks>What it misses is not lost: each server also reads all changes every five seconds; every second without a feed.
/// </remarks>
public interface IVisitorSessionFeed
{
    /// <summary>Listens until it is cancelled. It is called again a second after it returned or threw.</summary>
    /// <param name="changed">Takes the visitor code whose entries another server has changed. It neither waits nor throws.</param>
    /// <param name="cancellationToken">Ends the call with an <see cref="OperationCanceledException"/>.</param>
    Task ListenAsync(Action<string> changed, CancellationToken cancellationToken);
}
