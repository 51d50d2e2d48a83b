namespace Kameleoon.Hybrid;

/// <summary>A written batch that is not settled.</summary>
/// <param name="batch">The batch.</param>
/// <param name="size">What its events take in the queue; 0 when they are in the outbox only.</param>
/// <param name="since">When the newest of its events came.</param>
internal sealed class Parcel(TrackingBatch batch, long size, DateTimeOffset since)
{
    internal TrackingBatch Batch => batch;

    internal long Size => size;

    internal DateTimeOffset Since => since;

    /// <summary>Whether it is in the outbox, and this node's.</summary>
    internal bool IsStored { get; set; }

    internal int Attempts { get; set; }

    /// <summary>Cuts it in two, or gives nothing when it is one event.</summary>
    internal Parcel[] Halve()
    {
        if (BatchHalves.Of(batch) is not (var first, var second))
        {
            return [];
        }

        var firstSize = size * first.EventCount / batch.EventCount;
        return [new(first, firstSize, since), new(second, size - firstSize, since)];
    }
}
