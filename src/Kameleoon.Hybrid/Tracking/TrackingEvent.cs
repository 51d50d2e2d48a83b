namespace Kameleoon.Hybrid;

/// <summary>Something the data API has to learn about a visitor.</summary>
/// <param name="VisitorCode">Whose event it is.</param>
/// <param name="UserAgent">The visitor's browser, by which the platform tells people from robots.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Id">The experiment, the segment or the goal.</param>
/// <param name="VariationId">The variation of an exposure.</param>
/// <param name="Revenue">The revenue of a conversion.</param>
internal readonly record struct TrackingEvent(
    string VisitorCode,
    string? UserAgent,
    TrackingEventKind Kind,
    long Id,
    long VariationId,
    decimal Revenue)
{
    internal static TrackingEvent Exposure(string visitorCode, string? userAgent, Exposure exposure) =>
        new(visitorCode, userAgent, TrackingEventKind.Exposure, exposure.ExperimentId, exposure.VariationId, 0);

    internal static TrackingEvent Audience(string visitorCode, string? userAgent, long segmentId) =>
        new(visitorCode, userAgent, TrackingEventKind.Audience, segmentId, 0, 0);

    internal static TrackingEvent Conversion(string visitorCode, string? userAgent, int goalId, decimal revenue) =>
        new(visitorCode, userAgent, TrackingEventKind.Conversion, goalId, 0, revenue);
}

/// <summary>The kinds of events, in the order in which the platform wants them for one visitor.</summary>
internal enum TrackingEventKind
{
    Exposure,
    Audience,
    Conversion,
}
