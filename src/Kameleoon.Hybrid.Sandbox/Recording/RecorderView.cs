namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The recorder's data at one moment. Valid only inside the callback of <see cref="Recorder.Read"/>.</summary>
internal readonly record struct RecorderView(
    RecentVisitors Visitors,
    VisitorLinks Links,
    IReadOnlyCollection<RecordedEvent> Events,
    EventCounters Counters,
    IReadOnlyCollection<IdentityWarning> Warnings,
    TimeSeries EngineEvents,
    TimeSeries ServerEvents,
    long Violations);
