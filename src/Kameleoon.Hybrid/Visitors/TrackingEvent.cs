using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>Something the data API has to learn about a visitor.</summary>
/// <param name="Origin">Whose event it is.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Id">The experiment or the segment.</param>
/// <param name="VariationId">The variation of an exposure.</param>
/// <param name="Data">What was said about the visitor, for the kinds that carry it.</param>
/// <param name="IsDelivery">Whether an exposure is a delivery's.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrackingEvent(
    EventOrigin Origin,
    TrackingEventKind Kind,
    long Id = 0,
    long VariationId = 0,
    IVisitorData? Data = null,
    bool IsDelivery = false)
{
    // What the event takes in the queue, and each of its texts.
    private const int OwnSize = 64;

    /// <summary>About how many bytes of memory the event keeps busy.</summary>
    internal int Size => OwnSize
        + (sizeof(char) * (Origin.VisitorCode.Length + (Origin.UserAgent?.Length ?? 0)))
        + (Data?.TextSize ?? 0);

    /// <summary>Whether it is among the last to go when there is no room.</summary>
    internal bool IsConversion => Kind == TrackingEventKind.Conversion;

    /// <summary>Whether it is sent whatever the visitor answered, as by the official SDKs.</summary>
    internal bool NeedsNoConsent => IsConversion || IsDelivery;

    internal static TrackingEvent Exposure(EventOrigin origin, in Exposure exposure) =>
        new(origin, TrackingEventKind.Exposure, exposure.ExperimentId, exposure.VariationId, null, exposure.IsTargetedDelivery);

    internal static TrackingEvent Audience(EventOrigin origin, long segmentId) =>
        new(origin, TrackingEventKind.Audience, segmentId);

    internal static TrackingEvent Activity(EventOrigin origin) => new(origin, TrackingEventKind.Activity);

    /// <summary>Whether it says anew what an earlier event of the same visitor says.</summary>
    internal bool Repeats(in TrackingEvent earlier) => Kind == earlier.Kind && Kind switch
    {
        TrackingEventKind.Exposure => Id == earlier.Id && VariationId == earlier.VariationId,
        TrackingEventKind.Audience => Id == earlier.Id,
        TrackingEventKind.Activity => true,
        _ => false,
    };
}

/// <summary>Whose event it is, as its line will say.</summary>
/// <param name="VisitorCode">The visitor's code.</param>
/// <param name="UserAgent">The visitor's browser, by which the platform tells people from robots, or null.</param>
/// <param name="IsMappingValue">Whether the code is the person's own, under which the platform finds the visitor.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventOrigin(string VisitorCode, string? UserAgent = null, bool IsMappingValue = false)
{
    /// <param name="code">The visitor's code.</param>
    /// <param name="session">What is kept of the visitor, or null.</param>
    /// <param name="userAgent">The browser of the request; what the application said of it goes before.</param>
    internal static EventOrigin Of(string code, VisitorSession? session, string? userAgent)
    {
        var known = session?.Record.Known;
        return new EventOrigin(
            code,
            known?.UserAgent?.Text ?? userAgent,
            session is { IsUnique: true } && known?.MappingIdentifier is { } first
                && !string.Equals(first, code, StringComparison.Ordinal));
    }
}

/// <summary>The kinds of events, in the order in which the platform wants them for one visitor.</summary>
internal enum TrackingEventKind
{
    Device,
    Browser,
    OperatingSystem,
    Geolocation,
    VisitCounters,
    CustomData,
    PageView,
    Exposure,
    Audience,
    Conversion,

    /// <summary>The visitor is there: sent where there is nothing else to say.</summary>
    Activity,
}
