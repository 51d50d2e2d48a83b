namespace Kameleoon.Hybrid;

/// <summary>Writes events in the format of the data API: one line each, grouped by visitor, in as many batches as needed.
/// </summary>
/// <param name="events">The sorted events. Its <see cref="EventBuffer.Next"/> moves with each batch.</param>
/// <param name="maxBytes">The largest body, in bytes.</param>
/// <remarks>Not safe for concurrent use.</remarks>
internal sealed class BatchWriter(EventBuffer events, int maxBytes = BatchWriter.MaxBytes) : IDisposable
{
    /// <summary>The largest body of the official SDKs. The platform rejects bodies above 3 MB.</summary>
    internal const int MaxBytes = 2560 * 1024;

    private readonly LineWriter _writer = new();

    /// <summary>How many events the last call left out because no body can carry them.</summary>
    internal int TooLargeCount { get; private set; }

    /// <summary>What these events take in the queue, in bytes.</summary>
    internal long TooLargeSize { get; private set; }

    public void Dispose() => _writer.Dispose();

    /// <summary>Writes the next batch. Its body is valid until the next call.</summary>
    /// <param name="id">The id of the batch.</param>
    /// <param name="siteCode">The project.</param>
    /// <param name="now">The time of writing.</param>
    /// <returns>The batch, or null when no event is left that a body can carry.</returns>
    internal PendingBatch? WriteNext(Guid id, string siteCode, DateTimeOffset now)
    {
        _writer.CutTo(0);
        (TooLargeCount, TooLargeSize) = (0, 0);
        var (count, size) = (0, 0L);
        string? visitor = null;
        var newest = long.MinValue;
        List<BatchedConversion> conversions = [];
        for (; events.Next < events.Count; events.Next++)
        {
            ref readonly var next = ref events[events.Next];
            var isFirst = !string.Equals(visitor, next.Origin.VisitorCode, StringComparison.Ordinal);
            if (TryWriteLine(next, isFirst ? FindUserAgent(events.Next) : null, isFirstLine: count == 0))
            {
                if (next.Data is Conversion { Key: { } key })
                {
                    conversions.Add(new BatchedConversion(count, next.Origin.VisitorCode, key));
                }

                count++;
                size += next.Size;
                visitor = next.Origin.VisitorCode;
                newest = events.ArrivalOf(events.Next) is var arrival && arrival > newest ? arrival : newest;
            }
            else if (count > 0)
            {
                break;
            }
            else
            {
                TooLargeCount++;
                TooLargeSize += next.Size;
            }
        }

        return count == 0
            ? null
            : new PendingBatch(new TrackingBatch(id, siteCode, _writer.Written, count, now), size, newest)
            {
                Conversions = conversions,
            };
    }

    private bool TryWriteLine(in TrackingEvent next, string? userAgent, bool isFirstLine)
    {
        var start = _writer.Length;
        if (!isFirstLine)
        {
            _writer.Text("\n"u8);
        }

        WriteLine(next, userAgent);
        if (_writer.Length <= maxBytes)
        {
            return true;
        }

        _writer.CutTo(start);
        return false;
    }

    // Some of a visitor's requests may lack the user agent.
    private string? FindUserAgent(int place)
    {
        var visitor = events[place].Origin.VisitorCode;
        for (; place < events.Count; place++)
        {
            var origin = events[place].Origin;
            if (!string.Equals(origin.VisitorCode, visitor, StringComparison.Ordinal))
            {
                break;
            }

            if (origin.UserAgent is { Length: > 0 } agent)
            {
                return agent;
            }
        }

        return null;
    }

    private void WriteLine(in TrackingEvent next, string? userAgent)
    {
        switch (next.Kind)
        {
            case TrackingEventKind.Exposure:
                _writer.Text("eventType=experiment&id="u8);
                _writer.Number(next.Id);
                _writer.Text("&variationId="u8);
                _writer.Number(next.VariationId);
                break;
            case TrackingEventKind.Audience:
                _writer.Text("eventType=targetingSegment&id="u8);
                _writer.Number(next.Id);
                break;
            case TrackingEventKind.Activity:
                _writer.Text("eventType=activity"u8);
                break;
            default:
                next.Data!.WriteTo(_writer);
                break;
        }

        _writer.Text("&nonce="u8);
        if (next.Nonce != 0)
        {
            _writer.Nonce(next.Nonce);
        }
        else if (next.Data is Conversion { Key: { } key })
        {
            _writer.Nonce(key.NonceFor(next.Origin.VisitorCode));
        }
        else
        {
            _writer.Nonce();
        }

        _writer.Text(next.Origin.IsMappingValue ? "&mappingValue="u8 : "&visitorCode="u8);
        _writer.Encoded(next.Origin.VisitorCode);
        if (userAgent is not null)
        {
            _writer.Text("&userAgent="u8);
            _writer.Encoded(userAgent);
        }
    }
}
