using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Clears the "already reported" mark of exposures whose events were dropped, so that the visitor's next page
/// reports them again.</summary>
/// <remarks>An exposure that is reported once a session is marked before its event is queued. Events carry only the code of
/// their visitor, so that a waiting event keeps no visitor in memory. A visitor who was evicted meanwhile has no mark to
/// clear. Safe for concurrent use.</remarks>
internal sealed class ReportRollback(VisitorStore visitors)
{
    /// <summary>Clears the mark of an event that was dropped before it was written.</summary>
    internal void Undo(in TrackingEvent dropped) => visitors.Peek(dropped.Origin.VisitorCode)?.Record.Unreport(dropped);

    /// <summary>Clears the marks of the events in a batch that was dropped. The batch may come from another server.</summary>
    internal void Undo(TrackingBatch dropped)
    {
        foreach (var line in Encoding.ASCII.GetString(dropped.Body.Span).Split('\n'))
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
