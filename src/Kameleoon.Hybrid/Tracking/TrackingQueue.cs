using System.Threading.Channels;

namespace Kameleoon.Hybrid;

/// <summary>Where requests leave events: writing never waits, and what does not fit is counted.</summary>
internal sealed class TrackingQueue
{
    internal const int Capacity = 50_000;

    private readonly Channel<TrackingEvent> _events = Channel.CreateBounded<TrackingEvent>(
        new BoundedChannelOptions(Capacity) { SingleReader = true });

    private int _overflowed;

    internal void Add(in TrackingEvent trackingEvent)
    {
        if (!_events.Writer.TryWrite(trackingEvent))
        {
            Interlocked.Increment(ref _overflowed);
        }
    }

    internal List<TrackingEvent> TakeAll()
    {
        var taken = new List<TrackingEvent>();
        while (taken.Count < Capacity && _events.Reader.TryRead(out var trackingEvent))
        {
            taken.Add(trackingEvent);
        }

        return taken;
    }

    /// <summary>How many events found no place since the last call.</summary>
    internal int TakeOverflowed() => Interlocked.Exchange(ref _overflowed, 0);
}
