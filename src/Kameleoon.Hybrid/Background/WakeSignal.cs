using System.Threading.Channels;

namespace Kameleoon.Hybrid;

/// <summary>Wakes one background loop. Signals that arrive while the loop works become one.</summary>
/// <remarks>Setting is safe for concurrent use and never blocks. Only one loop may wait.</remarks>
internal sealed class WakeSignal
{
    private readonly Channel<bool> _slot = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    /// <summary>Wakes the loop now, or right after its current turn.</summary>
    internal void Set() => _slot.Writer.TryWrite(true);

    /// <summary>Returns one element for each time the loop has to run, and waits in between.</summary>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    internal IAsyncEnumerable<bool> WaitAsync(CancellationToken cancellationToken) =>
        _slot.Reader.ReadAllAsync(cancellationToken);
}
