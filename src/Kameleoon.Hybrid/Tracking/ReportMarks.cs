using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid;

/// <summary>Changes the "already reported" marks of exposures and conversions: clears those of dropped events, so that the
/// visitor's next page reports them again, and has other servers told of conversions with an id that are safe.</summary>
/// <remarks>What is reported once a session is marked before its event is queued. Events carry only the code of their
/// visitor, so that a waiting event keeps no visitor in memory. A visitor who was evicted meanwhile has no mark; another
/// server may report such a conversion again, with the same nonce. Safe for concurrent use.</remarks>
internal sealed class ReportMarks(VisitorStore visitors, IVisitorChangeListener? changes = null)
{
    /// <summary>Clears the mark of an event that was dropped before it was written.</summary>
    internal void Undo(in TrackingEvent dropped)
    {
        using var use = visitors.PeekInUse(dropped.Origin.VisitorCode);
        if (use.Session is not { } session)
        {
            return;
        }

        if (dropped.Data is Conversion { Key: { } key })
        {
            Release(session, key);
        }
        else
        {
            session.Record.Unreport(dropped);
        }
    }

    /// <summary>Clears the marks of the events in a batch that was dropped. The batch may come from another server.</summary>
    internal void Undo(TrackingBatch dropped)
    {
        foreach (var line in Encoding.ASCII.GetString(dropped.Body.Span).Split('\n'))
        {
            if ((Find(line, "visitorCode") ?? Find(line, "mappingValue")) is not { } code)
            {
                continue;
            }

            using var use = visitors.PeekInUse(Uri.UnescapeDataString(code));
            if (use.Session is not { Record: var record } session)
            {
                continue;
            }

            if (line.StartsWith("eventType=experiment&", StringComparison.Ordinal))
            {
                record.Unreport(Number(line, "id"), Number(line, "variationId"));
            }
            else if (line.StartsWith("eventType=conversion&", StringComparison.Ordinal))
            {
                Release(session, Uri.UnescapeDataString(code), Find(line, "nonce"));
            }
            else if (Find(line, "mappingIdentifier") is not null)
            {
                record.Known.Mapping?.Return(Uri.UnescapeDataString(code));
            }
        }
    }

    /// <summary>Marks the conversions of a batch as safe, because it is stored or was handed to the platform.</summary>
    internal void Settle(PendingBatch batch)
    {
        foreach (var (_, code, key) in batch.Conversions)
        {
            using var use = visitors.PeekInUse(code);
            if (use.Session is { } session
                && ConversionMarks.TrySettle(session.Record, key, out var before, out var after))
            {
                changes?.OnChanged(session.Person ?? session.Code, before, after);
                ChangeInherited(before, code, key, isSafe: true);
            }
        }
    }

    // A line does not say the application's id, but its nonce comes from that.
    private void Release(VisitorSession session, string code, string? nonce)
    {
        foreach (var (key, _) in session.Record.Known.Conversions)
        {
            if (string.Equals(key.NonceFor(code).ToString("X16", CultureInfo.InvariantCulture), nonce, StringComparison.Ordinal))
            {
                Release(session, key);
            }
        }
    }

    private void Release(VisitorSession session, ConversionKey key)
    {
        if (ConversionMarks.TryClear(session.Record, key, out var before, out var after))
        {
            changes?.OnChanged(session.Person ?? session.Code, before, after);
            ChangeInherited(before, session.Code, key, isSafe: false);
        }
    }

    private void ChangeInherited(VisitorSnapshot known, string code, ConversionKey key, bool isSafe)
    {
        if (known.HeirOf(key) is { } heir)
        {
            ConversionMarks.ChangeInherited(visitors, changes, heir, code, key, isSafe);
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
