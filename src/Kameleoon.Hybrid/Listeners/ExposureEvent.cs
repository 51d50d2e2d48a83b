namespace Kameleoon.Hybrid.Listeners;

/// <summary>An exposure has its owner: the server queued it for the platform, or the response with the engine's tag is
/// complete.</summary>
/// <remarks>With <see cref="ExposureOwner.Both"/> there is one event for each of the two. A browser that leaves a page
/// before its tag runs gives the exposure a new owner, with a second event. Count an exposure once for each visitor,
/// experiment and variation.</remarks>
public sealed record ExposureEvent : KameleoonEvent
{
    /// <summary>The visitor's code. It is personal data.</summary>
    public required string VisitorCode { get; init; }

    /// <summary>The experiment or holdout.</summary>
    public required long ExperimentId { get; init; }

    /// <summary>The variation.</summary>
    public required long VariationId { get; init; }

    /// <summary>Which side reports it: <see cref="ExposureOwner.Server"/> or <see cref="ExposureOwner.Engine"/>.</summary>
    public required ExposureOwner Owner { get; init; }
}
