using System.IO.Pipelines;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The response body that the server writes. The first write sends the headers.</summary>
internal sealed class InProcessWriteStream(PipeWriter writer, Func<Task> start, Action abort) : Stream
{
    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask WriteAsync(
        ReadOnlyMemory<byte> buffer,
        CancellationToken cancellationToken = default)
    {
        await start();
        Observe(await writer.WriteAsync(buffer, cancellationToken));
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await start();
        Observe(await writer.FlushAsync(cancellationToken));
    }

    public override void Write(byte[] buffer, int offset, int count) =>
        throw new InvalidOperationException("Synchronous writes are not allowed. Call WriteAsync.");

    public override void Flush()
    {
        // Nothing is held back between two asynchronous writes.
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    private void Observe(FlushResult result)
    {
        if (result.IsCompleted)
        {
            abort();
        }
    }
}
