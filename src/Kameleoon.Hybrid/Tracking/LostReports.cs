using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Lets a visitor report again what was dropped on its way to the platform: the next page does.</summary>
/// <remarks>Whoever reports an exposure once a session marks it before it is queued. Events carry no more than their visitor's
/// code, so that nobody is kept in memory by what waits; who left meanwhile starts anew anyhow.</remarks>
internal sealed class LostReports(VisitorStore visitors)
{
    /// <summary>An event was dropped before it was written.</summary>
    internal void Return(in TrackingEvent lost) => visitors.Peek(lost.Origin.VisitorCode)?.Record.Unreport(lost);

    /// <summary>A body was dropped, this server's own or another one's.</summary>
    internal void Return(TrackingBatch lost)
    {
        foreach (var line in Encoding.ASCII.GetString(lost.Body.Span).Split('\n'))
        {
            if ((Find(line, "visitorCode") ?? Find(line, "mappingValue")) is not { } code
                || visitors.Peek(Uri.UnescapeDataString(code))?.Record is not { } record)
            {
                continue;
            }

            if (line.StartsWith("eventType=experiment&", StringComparison.Ordinal))
            {
                record.Unreport(Number(line, "id"), Number(line, "variationId"));
            }
            else if (Find(line, "mappingIdentifier") is not null)
            {
                record.Known.Mapping?.Return(Uri.UnescapeDataString(code));
            }
        }
    }

    private static long Number(string line, string name) =>
        long.TryParse(Find(line, name), CultureInfo.InvariantCulture, out var number) ? number : 0;

    private static string? Find(string line, string name)
    {
        var prefix = $"&{name}=";
        var start = line.IndexOf(prefix, StringComparison.Ordinal) + prefix.Length;
        return start < prefix.Length ? null : line[start..].Split('&', 2)[0];
    }
}
