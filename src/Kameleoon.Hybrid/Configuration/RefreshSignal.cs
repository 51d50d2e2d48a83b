using System.Threading.Channels;

namespace Kameleoon.Hybrid;

/// <summary>Holds at most one request for a refresh, which says what all requests since the last refresh said. Safe for
/// concurrent use; only one loop may wait.</summary>
internal sealed class RefreshSignal
{
    private readonly Channel<bool> _wake = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    private DataFileRequest _asked = new();

    /// <summary>Requests a refresh after an announcement of the source.</summary>
    internal void Raise(long? timestamp = null) => Ask(new() { IsAnnounced = true, Timestamp = timestamp });

    /// <summary>Requests a refresh as if the interval had passed.</summary>
    internal void Wake() => Ask(new());

    /// <summary>Adds to what the next refresh asks for, for example what one asked for that failed. Requests none.</summary>
    internal void Add(DataFileRequest asked)
    {
        DataFileRequest before;
        do
        {
            before = Volatile.Read(ref _asked);
        }
        while (!ReferenceEquals(Interlocked.CompareExchange(ref _asked, Merge(before, asked), before), before));
    }

    /// <summary>Waits for a request or for the refresh interval, and returns what was asked for.</summary>
    internal async Task<DataFileRequest> NextAsync(
        TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        // The interval wakes the loop as everybody else does.
        await using (clock.CreateTimer(
            static signal => ((RefreshSignal)signal!).Wake(), this, patience, Timeout.InfiniteTimeSpan))
        {
            await _wake.Reader.WaitToReadAsync(cancellationToken);
        }

        _wake.Reader.TryRead(out _);
        return Interlocked.Exchange(ref _asked, new());
    }

    private void Ask(DataFileRequest asked)
    {
        Add(asked);
        _wake.Writer.TryWrite(true);
    }

    // The platform's cache may keep an older data file under an older timestamp.
    private static DataFileRequest Merge(DataFileRequest earlier, DataFileRequest later) => earlier with
    {
        IsAnnounced = earlier.IsAnnounced || later.IsAnnounced,
        Timestamp = later.Timestamp > (earlier.Timestamp ?? long.MinValue) ? later.Timestamp : earlier.Timestamp,
    };
}
