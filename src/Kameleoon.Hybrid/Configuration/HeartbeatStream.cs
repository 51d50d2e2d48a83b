namespace Kameleoon.Hybrid;

/// <summary>Reads a stream, and fails when no byte arrives within the heartbeat timeout or when an event is too
/// large.</summary>
internal sealed class HeartbeatStream(Stream inner, TimeSpan timeout, TimeProvider clock) : Stream
{
    // An event takes about 100 bytes, and comments need weeks to reach this size. A larger response is no event stream.
    private const int MaxBytesBetweenEvents = 1024 * 1024;

    private int _bytes;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <summary>An event was complete.</summary>
    internal void Heard() => _bytes = 0;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        using var silence = new CancellationTokenSource(timeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, cancellationToken);
        try
        {
            var read = await inner.ReadAsync(buffer, either.Token);
            _bytes += read;
            return _bytes <= MaxBytesBetweenEvents
                ? read
                : throw new InvalidDataException($"The stream brought {_bytes} bytes without an event.");
        }
        catch (OperationCanceledException e) when (!cancellationToken.IsCancellationRequested)
        {
            throw new TimeoutException($"The stream was silent for {timeout:c}.", e);
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
