using System.Threading.Channels;

namespace Kameleoon.Hybrid;

/// <summary>Where refreshes are asked for; those that arrive during one become one, the newest.</summary>
internal sealed class RefreshSignal
{
    private readonly Channel<RefreshRequest> _asked = Channel.CreateBounded<RefreshRequest>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropOldest, SingleReader = true });

    internal void Raise(long? timestamp = null) => _asked.Writer.TryWrite(new(IsAnnounced: true, timestamp));

    /// <summary>Waits until somebody asks or the time is over.</summary>
    internal async Task<RefreshRequest> NextAsync(
        TimeSpan patience, TimeProvider clock, CancellationToken cancellationToken)
    {
        using var over = new CancellationTokenSource(patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        await ((Task)_asked.Reader.WaitToReadAsync(either.Token).AsTask())
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        return _asked.Reader.TryRead(out var request) ? request : default;
    }
}
