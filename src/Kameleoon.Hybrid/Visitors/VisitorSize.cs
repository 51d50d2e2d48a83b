using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Estimates the bytes of memory of a visitor's data.</summary>
internal static class VisitorSize
{
    // The bytes of an empty object or array, and of an empty text.
    private const long Frame = 24;

    // The bytes of a snapshot, a forced variation, a parsed user agent, a mapping identifier and a waiting event.
    private const long OwnSize = 232;
    private const long ForcedSize = 200;
    private const long UserAgentSize = 80;
    private const long MappingSize = 200;
    private const long EventSize = 64;

    // Includes its entries in the snapshot and in the queue of due exposures.
    private const long CarriedSize = 120;

    internal static int Of(VisitorSnapshot known) => (int)Math.Min(int.MaxValue / 2, OwnSize
        + OfText(known.MappingIdentifier)
        + (known.Mapping is null ? 0 : MappingSize)
        + (ForcedSize * known.Forced.Entries.Length)
        + (Frame * known.Goals.Entries.Length)
        + OfPage(known.LatestPage)
        + OfPage(known.PreviousPage)
        + (known.UserAgent is { } agent ? UserAgentSize + OfText(agent.Text) : 0)
        + (known.Location is { } place ? OfText(place.Country) + OfText(place.Region) + OfText(place.City) : 0)
        + OfText(known.ApplicationVersion)
        + OfCustomData(known)
        + OfCookies(known)
        + OfPast(known.Past)
        + OfHeld(known)
        + (CarriedSize * known.Carried.Length)
        + known.Conversions.Sum(static mark => Frame + OfText(mark.Key.Id)));

    private static long OfText(string? text) => text is null ? 0 : Frame + (sizeof(char) * (long)text.Length);

    private static long OfPage(VisitorPage? page) => page is { } viewed ? OfText(viewed.Address) + OfText(viewed.Title) : 0;

    private static long OfCustomData(VisitorSnapshot known)
    {
        var size = 0L;
        foreach (var (_, values) in known.CustomData.Entries)
        {
            size += 2 * Frame;
            for (var i = 0; i < values.Count; i++)
            {
                size += IntPtr.Size + OfText(values[i]);
            }
        }

        return size;
    }

    private static long OfCookies(VisitorSnapshot known)
    {
        var size = 0L;
        for (var i = 0; i < known.Cookies?.Count; i++)
        {
            size += (2 * IntPtr.Size) + OfText(known.Cookies[i].Key) + OfText(known.Cookies[i].Value);
        }

        return size;
    }

    private static long OfPast(VisitorPast past) => ReferenceEquals(past, VisitorPast.None)
        ? 0
        : (5 * Frame) + (Frame * (past.Visits?.Count ?? 0)) + OfPages(past.Pages) + (2 * Frame * past.Personalizations.Count)
            + OfScores(past.Kcs) + OfScores(past.Cbs);

    private static long OfPages(IReadOnlyList<RemotePageView> pages)
    {
        var size = 0L;
        for (var i = 0; i < pages.Count; i++)
        {
            size += (3 * Frame) + OfText(pages[i].Address) + OfText(pages[i].Title);
        }

        return size;
    }

    private static long OfScores(IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>>? scores) =>
        scores?.Values.Sum(static score => (6 * Frame) + (2 * Frame * score.Count)) ?? 0;

    // The values of custom data were counted with the slot.
    private static long OfHeld(VisitorSnapshot known)
    {
        var size = 0L;
        foreach (var held in known.Held)
        {
            size += EventSize + (held.Data is null or CustomData ? 0 : Frame + held.Data.TextSize);
        }

        return size;
    }
}
