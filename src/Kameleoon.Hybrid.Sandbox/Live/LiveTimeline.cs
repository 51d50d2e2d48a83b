namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Everything that happened to one visitor, in order of time.</summary>
/// <param name="Code">The visitor code.</param>
/// <param name="Codes">All codes of the person, where a login linked them.</param>
/// <param name="Moments">What happened, oldest first.</param>
/// <param name="Decisions">What the project decides for the visitor now, by what was recorded.</param>
internal sealed record LiveTimeline(
    string Code, IReadOnlyList<string> Codes, IReadOnlyList<LiveTimelineEntry> Moments, IReadOnlyList<LiveDecision> Decisions);

/// <summary>One entry of a visitor's timeline.</summary>
/// <param name="Time">When the sandbox learned of it.</param>
/// <param name="Sender">Who told: <c>server</c>, <c>engine</c>, <c>browser</c> or <c>sandbox</c>.</param>
/// <param name="Kind"><c>visit</c>, <c>event</c>, <c>request</c>, <c>step</c>, <c>cookie</c> or <c>warning</c>.</param>
/// <param name="Text">It in words; null for events, which speak for themselves.</param>
/// <param name="Event">The event.</param>
internal sealed record LiveTimelineEntry(
    DateTimeOffset Time, string Sender, string Kind, string? Text, RecordedEvent? Event = null);

/// <summary>What a flag is for a visitor.</summary>
internal sealed record LiveDecision(string Flag, string Variation, string Reason);
