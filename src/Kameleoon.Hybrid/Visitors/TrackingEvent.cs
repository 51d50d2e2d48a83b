using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>An event of a visitor to send to the data API.</summary>
/// <param name="Origin">The visitor.</param>
/// <param name="Kind">The kind of the event.</param>
/// <param name="Id">The experiment or the segment.</param>
/// <param name="VariationId">The variation of an exposure.</param>
/// <param name="Data">The visitor's data, for the kinds that have it.</param>
/// <param name="IsDelivery">Whether it is an exposure of a targeted delivery.</param>
/// <param name="Nonce">The nonce of its line, or 0 for a random one.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct TrackingEvent(
    EventOrigin Origin,
    TrackingEventKind Kind,
    long Id = 0,
    long VariationId = 0,
    IVisitorData? Data = null,
    bool IsDelivery = false,
    ulong Nonce = 0)
{
    // The bytes of an event in the queue, and of each of its texts.
    private const int OwnSize = 64;

    /// <summary>The estimated bytes of memory of the event.</summary>
    internal int Size => OwnSize
        + (sizeof(char) * (Origin.VisitorCode.Length + (Origin.UserAgent?.Length ?? 0)))
        + (Data?.TextSize ?? 0);

    /// <summary>Whether it is dropped last when the queue is full.</summary>
    internal bool IsConversion => Kind == TrackingEventKind.Conversion;

    /// <summary>Whether it is sent regardless of consent, as in the official SDKs.</summary>
    internal bool NeedsNoConsent => IsConversion || IsDelivery;

    internal static TrackingEvent Exposure(EventOrigin origin, in Exposure exposure) =>
        new(origin, TrackingEventKind.Exposure, exposure.ExperimentId, exposure.VariationId, null, exposure.IsTargetedDelivery);

    internal static TrackingEvent Audience(EventOrigin origin, long segmentId) =>
        new(origin, TrackingEventKind.Audience, segmentId);

    internal static TrackingEvent Activity(EventOrigin origin) => new(origin, TrackingEventKind.Activity);

    /// <summary>Whether it repeats an earlier event of the same visitor.</summary>
    internal bool Repeats(in TrackingEvent earlier) => Kind == earlier.Kind && Kind switch
    {
        TrackingEventKind.Exposure => Id == earlier.Id && VariationId == earlier.VariationId,
        TrackingEventKind.Audience => Id == earlier.Id,
        TrackingEventKind.Activity => true,
        _ => false,
    };
}

/// <summary>The visitor of an event, as its line names it.</summary>
/// <param name="VisitorCode">The visitor's code.</param>
/// <param name="UserAgent">The visitor's user agent, by which the platform detects bots, or null.</param>
/// <param name="IsMappingValue">Whether the code identifies a person, so that the platform finds the visitor by
/// it.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct EventOrigin(string VisitorCode, string? UserAgent = null, bool IsMappingValue = false)
{
    /// <param name="code">The visitor's code.</param>
    /// <param name="session">The visitor's session, or null.</param>
    /// <param name="userAgent">The user agent of the request. One that the application added takes precedence.</param>
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

/// <summary>The kinds of events, in the order that the platform requires for one visitor.</summary>
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

    /// <summary>Marks the visitor as active. Sent when there is no other event.</summary>
    Activity,
}
