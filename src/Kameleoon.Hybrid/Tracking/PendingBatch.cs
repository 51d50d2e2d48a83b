namespace Kameleoon.Hybrid;

/// <summary>A batch on its way to the platform: written, and neither accepted nor dropped yet.</summary>
/// <param name="batch">The batch.</param>
/// <param name="size">What its events take in the queue, in bytes; 0 for a batch that was claimed from the outbox.</param>
/// <param name="newestArrival">The timestamp at which the newest of its events was queued, by which the batch expires, so that no
/// event expires early. Not used for a batch that was claimed from the outbox.</param>
internal sealed class PendingBatch(TrackingBatch batch, long size, long newestArrival)
{
    internal TrackingBatch Batch => batch;

    internal int EventCount => batch.EventCount;

    internal long Size => size;

    internal long NewestArrival => newestArrival;

    /// <summary>The idempotency keys that the outbox confirms when it stores the batch.</summary>
    internal IReadOnlyList<IdempotencyKey> Keys { get; set; } = [];

    /// <summary>Whether the outbox stored the batch together with <see cref="Keys"/>.</summary>
    internal bool HasConfirmedKeys { get; set; }

    /// <summary>The conversions with an id in it, in the order of lines.</summary>
    internal IReadOnlyList<BatchedConversion> Conversions { get; init; } = [];

    /// <summary>How many of its events were posted before.</summary>
    internal int RetriedCount { get; set; }

    /// <summary>Splits the batch in two, or returns an empty array when it carries one event.</summary>
    internal PendingBatch[] Split()
    {
        if (BatchSplitter.Split(batch) is not (var first, var second))
        {
            return [];
        }

        var firstSize = size * first.EventCount / batch.EventCount;
        return
        [
            new(first, firstSize, newestArrival)
            {
                Conversions = [.. Conversions.Where(one => one.Line < first.EventCount)],
            },
            new(second, size - firstSize, newestArrival)
            {
                Keys = Keys,
                Conversions = [.. Conversions.Where(one => one.Line >= first.EventCount)
                    .Select(one => one with { Line = one.Line - first.EventCount })],
            },
        ];
    }
}
