using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Writes events in the data API's format: one line each, one visitor after the other.</summary>
internal static class TrackingBody
{
    /// <summary>The platform refuses bodies above 3 MB; the official SDKs stop here.</summary>
    internal const int MaxBytes = 2560 * 1024;

    private const int NonceLength = 16;

    internal static IEnumerable<WrittenBody> Split(IEnumerable<TrackingEvent> events, int maxBytes = MaxBytes)
    {
        var body = new StringBuilder();
        var count = 0;
        foreach (var visitor in events.GroupBy(trackingEvent => trackingEvent.VisitorCode, StringComparer.Ordinal))
        {
            // The user agent belongs on a visitor's first line of each request.
            var first = true;
            foreach (var trackingEvent in visitor.OrderBy(trackingEvent => trackingEvent.Kind))
            {
                var line = Line(trackingEvent, first);
                if (count > 0 && body.Length + 1 + line.Length > maxBytes)
                {
                    yield return Batch(body, count);
                    body.Clear();
                    count = 0;
                    line = Line(trackingEvent, withUserAgent: true);
                }

                body.Append(count++ == 0 ? "" : "\n").Append(line);
                first = false;
            }
        }

        if (count > 0)
        {
            yield return Batch(body, count);
        }
    }

    private static WrittenBody Batch(StringBuilder body, int count) =>
        new(Encoding.ASCII.GetBytes(body.ToString()), count);

    private static string Line(in TrackingEvent trackingEvent, bool withUserAgent)
    {
        var fields = trackingEvent.Kind switch
        {
            TrackingEventKind.Exposure => string.Create(CultureInfo.InvariantCulture,
                $"eventType=experiment&id={trackingEvent.Id}&variationId={trackingEvent.VariationId}"),
            TrackingEventKind.Audience => string.Create(CultureInfo.InvariantCulture,
                $"eventType=targetingSegment&id={trackingEvent.Id}"),
            _ => string.Create(CultureInfo.InvariantCulture,
                $"eventType=conversion&goalId={trackingEvent.Id}&revenue={trackingEvent.Revenue}&negative=false"),
        };
        var agent = withUserAgent && trackingEvent.UserAgent is { Length: > 0 } text
            ? "&userAgent=" + Uri.EscapeDataString(text)
            : "";
        return $"{fields}&nonce={RandomNumberGenerator.GetHexString(NonceLength)}"
            + $"&visitorCode={Uri.EscapeDataString(trackingEvent.VisitorCode)}{agent}";
    }
}

/// <summary>The body of one request; sent again it keeps its nonces, by which the platform knows it.</summary>
internal sealed record WrittenBody(ReadOnlyMemory<byte> Body, int Count);
