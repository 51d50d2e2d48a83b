using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Passes events to the queues of all listeners. Callers create events only while <see cref="IsOn"/> is
/// true.</summary>
internal sealed class ListenerFeed(
    IOptions<KameleoonOptions> options, TimeProvider clock, KameleoonMetrics metrics, ILogger<ListenerFeed> logger)
{
    private ListenerQueue[] _queues = [];

    /// <summary>Whether there are listeners. False before the application starts.</summary>
    internal bool IsOn => Volatile.Read(ref _queues).Length > 0;

    /// <summary>The site code for the events.</summary>
    internal string SiteCode { get; } = options.Value.SiteCode;

    /// <summary>The current time for the events.</summary>
    internal DateTimeOffset Now => clock.GetUtcNow();

    /// <summary>Creates the queues of the listeners.</summary>
    internal ListenerQueue[] Open(IEnumerable<IKameleoonListener> listeners)
    {
        var capacity = options.Value.ListenerQueueLength;
        var queues = listeners.Select(listener => new ListenerQueue(listener, capacity, metrics, logger)).ToArray();
        Volatile.Write(ref _queues, queues);
        return queues;
    }

    /// <summary>Stops adding events.</summary>
    internal void Close()
    {
        foreach (var queue in Interlocked.Exchange(ref _queues, []))
        {
            queue.Close();
        }
    }

    internal void Publish(KameleoonEvent happened)
    {
        foreach (var queue in Volatile.Read(ref _queues))
        {
            queue.Add(happened);
        }
    }
}
