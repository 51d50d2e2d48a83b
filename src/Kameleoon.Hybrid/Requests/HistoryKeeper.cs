using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Adds what the platform knows of a visitor to what this server knows.</summary>
internal sealed class HistoryKeeper(VisitorStore visitors, VisitorDataReporter reporter)
{
    /// <summary>Keeps the platform's answer. What belongs to the current visit is reported again, under this visit.</summary>
    /// <param name="visitor">The visitor.</param>
    /// <param name="history">The platform's answer.</param>
    /// <param name="addData">Whether to keep more than the code.</param>
    /// <param name="takeCode">Whether the code under which the visitor was seen last buckets the visitor from now on, unless
    /// another code does already.</param>
    /// <param name="dataFile">Tells which custom data belongs to the visitor rather than to a visit.</param>
    internal void Keep(KnownVisitor visitor, RemoteVisitorData history, bool addData, bool takeCode, DataFile? dataFile)
    {
        var first = takeCode && history.VisitorCode is { } seen && VisitorCode.IsValid(seen) ? seen : null;
        if (!addData && first is null)
        {
            return;
        }

        using var use = new RequestUse(visitor.InRequest?.Request);
        var session = visitor.FindOrCreate();
        var before = visitors.UpdateHere(
            session, (history, addData, first), static (known, change) => Merge(known, change.history, change.addData, change.first));
        if (!addData)
        {
            return;
        }

        visitors.SavePast(session, history.Experiments);
        if (before.Past.Visits is null && history.Counters(session.Record.Started) is { } counters)
        {
            reporter.Hold(visitor, counters, dataFile);
        }

        foreach (var custom in NewOfVisitor(history, before, dataFile))
        {
            reporter.Hold(visitor, custom, dataFile);
        }
    }

    private static VisitorSnapshot Merge(VisitorSnapshot known, RemoteVisitorData history, bool addData, string? first)
    {
        known = addData ? known.With(history) : known;
        return known.MappingIdentifier is null && first is not null ? known with { MappingIdentifier = first } : known;
    }

    // Custom data of the visitor, rather than of a visit, that was not known here.
    private static IEnumerable<CustomData> NewOfVisitor(RemoteVisitorData history, VisitorSnapshot before, DataFile? dataFile)
    {
        var indices = dataFile?.CustomData.Where(static slot => slot.IsVisitorScoped).Select(static slot => slot.Index).ToHashSet();
        return history.CustomData.Where(custom => custom.Index is { } index
            && indices?.Contains(index) == true
            && before.CustomData.Find(index) is null);
    }
}
