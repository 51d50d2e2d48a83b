using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Stores the data that the application adds to a visitor, and queues its events.</summary>
internal sealed class VisitorDataReporter(
    AddedData shapes, VisitorDataKeeper keeper, ClientMistakes mistakes, TrackingLosses losses, TimeProvider clock)
{
    /// <summary>Keeps data, and if it is tracked, holds it for the visitor's next tracked action.</summary>
    internal void Add(KnownVisitor visitor, ReadOnlySpan<IVisitorData> data, bool track, DataFile? dataFile)
    {
        var added = new List<IVisitorData>(data.Length);
        foreach (var item in data)
        {
            if (track && item is Conversion conversion && !TryTake(visitor, conversion))
            {
                continue;
            }

            if (shapes.Resolve(item, dataFile) is { } resolved)
            {
                added.Add(resolved);
            }
        }

        if (added.Count == 0)
        {
            return;
        }

        keeper.Keep(visitor.Code, added, track);
        foreach (var item in track ? added : [])
        {
            if (item is CustomData { IsMappingIdentifier: true } person)
            {
                HoldLink(visitor, person, dataFile);
            }
            else
            {
                Hold(visitor, item, dataFile);
            }
        }
    }

    /// <summary>Keeps a conversion and reports it.</summary>
    internal void Convert(KnownVisitor visitor, Conversion conversion, DataFile? dataFile)
    {
        if (!TryTake(visitor, conversion))
        {
            return;
        }

        var resolved = shapes.Resolve(conversion, dataFile)!;
        keeper.Keep(visitor.Code, [resolved], track: true);
        ReportHeld(visitor, dataFile);
        if (shapes.ToEvent(visitor.Origin, resolved, dataFile) is { } reported)
        {
            visitor.Reports.Report(reported, dataFile);
        }
    }

    /// <summary>Holds data for the visitor's next tracked action.</summary>
    internal void Hold(KnownVisitor visitor, IVisitorData item, DataFile? dataFile)
    {
        if (shapes.ToEvent(visitor.Origin, item, dataFile) is { } reported)
        {
            visitor.Reports.Hold(reported, dataFile);
        }
    }

    /// <summary>Reports the events that were waiting for a tracked action of the visitor, and the visitor's mapping
    /// identifier if it was not reported yet.</summary>
    internal void ReportHeld(KnownVisitor visitor, DataFile? dataFile)
    {
        if (visitor.Find() is not { } session)
        {
            return;
        }

        var known = session.Record.Known;
        if (session.IsUnique && known.MappingIdentifier is null)
        {
            known = LinkToItself(session, dataFile);
        }

        if (known.Mapping is { } mapping
            && dataFile is not null
            && mapping.TryTake(visitor.Code, clock)
            && shapes.ToEvent(visitor.Origin, mapping.Data, dataFile) is { } link)
        {
            visitor.Reports.Report(link, dataFile);
        }

        if (known.Held.Length > 0)
        {
            visitor.Reports.ReleaseHeld(dataFile);
        }
    }

    private void HoldLink(KnownVisitor visitor, CustomData person, DataFile? dataFile)
    {
        if (!VisitorCode.IsValid(person.Values[0]))
        {
            shapes.DropTooLong(TrackingEventKind.CustomData);
        }
        else if (AddedData.CanSend(person, dataFile) && visitor.Find()?.Record.Known.Mapping is { } mapping)
        {
            if (visitor.Visitors.Consent.Of(visitor.Code, dataFile!) == Consent.Refused)
            {
                visitor.Visitors.Drop("consent");
            }
            else
            {
                visitor.Reports.Hold(mapping, visitor.Origin);
            }
        }
    }

    private bool TryTake(KnownVisitor visitor, Conversion conversion)
    {
        var isFirst = keeper.TryMarkReported(visitor.Code, conversion);
        losses.Skip(isFirst ? 0 : 1, "repeated");
        return isFirst;
    }

    // A person of whom no browser is known yet is reported to the platform under the person's own code.
    private VisitorSnapshot LinkToItself(VisitorSession session, DataFile? dataFile)
    {
        if (dataFile?.MappingIndex is { } index)
        {
            keeper.Keep(session.Code, [new CustomData(index, session.Code).At(index, isMappingIdentifier: true)], track: true);
        }
        else if (dataFile is not null)
        {
            mistakes.ReportNoMappingIdentifier();
        }

        return session.Record.Known;
    }
}
