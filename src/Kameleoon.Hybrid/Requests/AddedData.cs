using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Converts the data that the application adds into the form in which it is kept and sent.</summary>
internal sealed class AddedData(ClientMistakes mistakes, TrackingLosses losses)
{
    /// <summary>Returns the data with the indices of the data file, or null for data that the data file does not know.
    /// </summary>
    internal IVisitorData? Resolve(IVisitorData item, DataFile? dataFile)
    {
        switch (item)
        {
            case CustomData custom:
                return Resolve(custom, dataFile);
            case Conversion { Metadata.Count: > 0 } conversion:
                return conversion.With([.. conversion.Metadata
                    .Select(part => dataFile is null ? SkipUnknown() : Resolve(part, dataFile)).OfType<CustomData>()
                    .Where(part => !IsLocal(part, dataFile))
                    .DistinctBy(part => part.Index)]);
            case PageView { Address.Length: 0 }:
                mistakes.ReportPageWithoutAddress();
                return null;
            default:
                return item;
        }
    }

    /// <summary>Returns the event that reports the data to the platform, or null for data that is not reported.</summary>
    internal TrackingEvent? ToEvent(EventOrigin origin, IVisitorData item, DataFile? dataFile)
    {
        if (item.Kind is not { } kind)
        {
            return null;
        }

        if (item is CustomData custom)
        {
            // Only the data file tells which custom data stays on this server.
            if (dataFile is null)
            {
                SkipUnknown();
                return null;
            }

            if (IsLocal(custom, dataFile))
            {
                return null;
            }
        }

        if (item.IsTooLong)
        {
            DropTooLong(kind);
            return null;
        }

        return new TrackingEvent(origin, kind, Data: item);
    }

    /// <summary>Whether <see cref="ToEvent"/> returns an event. Counts and logs nothing.</summary>
    internal static bool CanSend(CustomData custom, DataFile? dataFile) =>
        dataFile is not null && custom is IVisitorData { IsTooLong: false } && !IsLocal(custom, dataFile);

    /// <summary>Counts and logs data that is too long for the platform.</summary>
    internal void DropTooLong(TrackingEventKind kind)
    {
        mistakes.ReportTooLongData(kind);
        losses.Skip(1, "too_large");
    }

    private CustomData? Resolve(CustomData custom, DataFile? dataFile)
    {
        if (dataFile is null && custom.Index is null)
        {
            return SkipUnknown();
        }

        var index = custom.Name is { } name ? dataFile?.FindCustomData(name)?.Index : custom.Index;
        if (index is { } known)
        {
            return custom.At(known, known == dataFile?.MappingIndex && custom.Values is [{ Length: > 0 }, ..]);
        }

        mistakes.ReportUnknownCustomData(custom.Name!);
        return null;
    }

    private CustomData? SkipUnknown()
    {
        losses.Skip(1, "no_configuration");
        return null;
    }

    private static bool IsLocal(CustomData custom, DataFile? dataFile) =>
        dataFile?.CustomData.Any(slot => slot.Index == custom.Index && slot.IsLocalOnly) == true;
}
