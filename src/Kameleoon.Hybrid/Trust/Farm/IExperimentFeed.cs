namespace Kameleoon.Hybrid.Stores;

/// <summary>Passes the counts of experiments between the servers of a farm, so that a visitor whose pages come from two servers
/// counts once. Used by <c>AddKameleoonTrust</c>.</summary>
/// <remarks>A singleton, which the application registers; <c>AddRedisStore</c> does. Calls may throw any exception, and are cancelled
/// after five seconds: a server counts by itself meanwhile, and adds later what it counted. Implementations are safe for
/// concurrent use.</remarks>
public interface IExperimentFeed
{
    /// <summary>Adds a message for all servers. A feed keeps some thousand messages and may drop the oldest.</summary>
    /// <param name="message">At most 32 kB. Only the library interprets it.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask AddAsync(ReadOnlyMemory<byte> message, CancellationToken cancellationToken);

    /// <summary>Returns a page of messages of all servers, the oldest first.</summary>
    /// <param name="after"><see cref="ExperimentMessages.Next"/> of the page before, or null for the oldest message.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    ValueTask<ExperimentMessages> ReadAsync(string? after, CancellationToken cancellationToken);
}
