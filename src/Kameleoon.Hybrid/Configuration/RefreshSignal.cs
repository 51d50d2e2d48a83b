using System.Threading.Channels;

namespace Kameleoon.Hybrid;

/// <summary>Holds at most one request for a refresh: the newest.</summary>
internal sealed class RefreshSignal
{
    private readonly Channel<DataFileRequest> _asked = Channel.CreateBounded<DataFileRequest>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    /// <summary>Requests a refresh after an announcement of the source.</summary>
    internal void Raise(long? timestamp = null) => _asked.Writer.TryWrite(new() { IsAnnounced = true, Timestamp = timestamp });

    /// <summary>Requests a refresh as if the interval had passed.</summary>
    internal void Wake() => _asked.Writer.TryWrite(new());

    /// <summary>Waits for a request or for the refresh interval, and returns the request or the default one.</summary>
    internal async Task<DataFileRequest> NextAsync(
        TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        await ((Task)_asked.Reader.WaitToReadAsync(either.Token).AsTask())
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return _asked.Reader.TryRead(out var request) ? request : new();
    }
}
