namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One event as the sandbox stores it.</summary>
/// <param name="Number">Counts up from 1 since the start or the last reset.</param>
/// <param name="Time">When it arrived.</param>
/// <param name="Sender">Who sent it.</param>
/// <param name="Type">The event type.</param>
/// <param name="VisitorCode">The visitor, or null when the line names none.</param>
/// <param name="Flag">The feature flag of an exposure, or null when the data file does not know it.</param>
/// <param name="Variation">The variation of an exposure, or null when the data file does not know it.</param>
/// <param name="Fields">The decoded fields.</param>
/// <param name="Violations">What is wrong with it.</param>
/// <param name="Counted">Whether it is part of the figures.</param>
/// <param name="Visit">Which visit of the visitor it belongs to, from 1; 0 when it does not count.</param>
/// <param name="Sdk">Which SDK sent it, by its own name; null for the engine.</param>
internal sealed record RecordedEvent(
    long Number,
    DateTimeOffset Time,
    EventSender Sender,
    string Type,
    string? VisitorCode,
    string? Flag,
    string? Variation,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<string> Violations,
    bool Counted,
    int Visit,
    string? Sdk = null);
