using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Brings what the application says of a visitor into the shape in which it is kept and sent.</summary>
internal static class AddedData
{
    /// <summary>The data by the indices of the data file, or null for what it does not know.</summary>
    internal static IVisitorData? Resolve(IVisitorData item, DataFile? dataFile, KameleoonClientServices services)
    {
        switch (item)
        {
            case CustomData custom:
                if (dataFile is null && custom.Index is null)
                {
                    services.Drop("no_configuration");
                    return null;
                }

                var index = custom.Name is { } name ? dataFile?.FindCustomData(name)?.Index : custom.Index;
                if (index is { } known)
                {
                    return custom.At(known, known == dataFile?.MappingIndex && custom.Values is [{ Length: > 0 }, ..]);
                }

                services.ReportUnknownCustomData(custom.Name!);
                return null;
            case Conversion { Metadata.Count: > 0 } conversion:
                return conversion.With([.. conversion.Metadata
                    .Select(part => Resolve(part, dataFile, services)).OfType<CustomData>()
                    .Where(part => !IsLocal(part, dataFile))
                    .DistinctBy(part => part.Index)]);
            case PageView { Address.Length: 0 }:
                services.ReportPageWithoutAddress();
                return null;
            default:
                return item;
        }
    }

    /// <summary>The event that tells the platform of the data, or null for what it is not told.</summary>
    internal static TrackingEvent? ToEvent(
        EventOrigin origin, IVisitorData item, DataFile? dataFile, KameleoonClientServices services)
    {
        if (item.Kind is not { } kind)
        {
            return null;
        }

        if (item is CustomData custom)
        {
            // Only the data file knows what stays here.
            if (dataFile is null)
            {
                services.Drop("no_configuration");
                return null;
            }

            if (IsLocal(custom, dataFile))
            {
                return null;
            }
        }

        if (item.IsTooLong)
        {
            services.DropTooLong(kind);
            return null;
        }

        return new TrackingEvent(origin, kind, Data: item);
    }

    private static bool IsLocal(CustomData custom, DataFile? dataFile) =>
        dataFile?.CustomData.Any(slot => slot.Index == custom.Index && slot.IsLocalOnly) == true;
}
