namespace Warehouse;

/// <summary>The topic that the warehouse reads.</summary>
public interface IExposureTopic
{
    /// <summary>Adds a message. Messages of one key stay in order.</summary>
    /// <param name="message">The message.</param>
    /// <param name="cancellationToken">Cancels waiting for room in the producer's queue.</param>
    ValueTask AddAsync(TopicMessage message, CancellationToken cancellationToken);
}

/// <summary>A message of the topic.</summary>
/// <param name="Key">The same for the same exposure, however often it is sent.</param>
/// <param name="Value">The exposure as JSON.</param>
/// <param name="Time">When it happened.</param>
public sealed record TopicMessage(string Key, string Value, DateTimeOffset Time);
