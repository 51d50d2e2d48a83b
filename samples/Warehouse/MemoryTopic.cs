using System.Collections.Concurrent;

namespace Warehouse;

/// <summary>Stands in for the topic where no broker is configured: keeps the last message of each key, as a compacted topic
/// does.</summary>
public sealed class MemoryTopic : IExposureTopic
{
    private const int MaxKeys = 10_000;

    private readonly ConcurrentDictionary<string, TopicMessage> _messages = new(StringComparer.Ordinal);

    public ICollection<TopicMessage> Messages => _messages.Values;

    public ValueTask AddAsync(TopicMessage message, CancellationToken cancellationToken)
    {
        if (_messages.Count < MaxKeys)
        {
            _messages[message.Key] = message;
        }

        return default;
    }
}
