namespace Kameleoon.Hybrid;

/// <summary>Writes events in the data API's format: one line each, one visitor after the other, in as many bodies as it
/// takes. Used by one sender, one body at a time.</summary>
internal sealed class TrackingBody(EventBuffer events, int maxBytes = TrackingBody.MaxBytes) : IDisposable
{
    /// <summary>The platform refuses bodies above 3 MB; the official SDKs stop here.</summary>
    internal const int MaxBytes = 2560 * 1024;

    private readonly LineWriter _writer = new();

    /// <summary>How many lines were left out of the last body because no body could carry them.</summary>
    internal int TooLarge { get; private set; }

    /// <summary>What those took in the queue.</summary>
    internal long TooLargeSize { get; private set; }

    public void Dispose() => _writer.Dispose();

    /// <summary>Writes the next body, which is valid until the next call.</summary>
    /// <returns>The body, empty when all that was left is too large; null when nothing is left.</returns>
    internal WrittenBody? WriteNext()
    {
        _writer.CutTo(0);
        (TooLarge, TooLargeSize) = (0, 0);
        var (count, size) = (0, 0L);
        string? visitor = null;
        var since = DateTimeOffset.MinValue;
        var start = events.Next;
        while (events.Next < events.Count)
        {
            ref readonly var next = ref events[events.Next];
            var isFirst = !string.Equals(visitor, next.Origin.VisitorCode, StringComparison.Ordinal);
            var before = _writer.Length;
            if (count > 0)
            {
                _writer.Text("\n"u8);
            }

            WriteLine(next, isFirst ? FindUserAgent(events.Next) : null);
            if (_writer.Length > maxBytes)
            {
                _writer.CutTo(before);
                if (count > 0)
                {
                    break;
                }

                TooLarge++;
                TooLargeSize += next.Size;
            }
            else
            {
                count++;
                size += next.Size;
                visitor = next.Origin.VisitorCode;
                since = events.SinceOf(events.Next) is var later && later > since ? later : since;
            }

            events.Next++;
        }

        return events.Next == start ? null : new WrittenBody(_writer.Written, count, size, since);
    }

    // A visitor's events may come from requests of which some did not tell.
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
        _writer.Nonce();
        _writer.Text(next.Origin.IsMappingValue ? "&mappingValue="u8 : "&visitorCode="u8);
        _writer.Encoded(next.Origin.VisitorCode);
        if (userAgent is not null)
        {
            _writer.Text("&userAgent="u8);
            _writer.Encoded(userAgent);
        }
    }
}

/// <summary>The body of one request.</summary>
/// <param name="Bytes">Its lines; valid until the next body is written.</param>
/// <param name="Count">How many events it carries.</param>
/// <param name="Size">What those take in the queue.</param>
/// <param name="Since">When the newest of them came: none is given up before its time.</param>
internal sealed record WrittenBody(ReadOnlyMemory<byte> Bytes, int Count, long Size, DateTimeOffset Since);
