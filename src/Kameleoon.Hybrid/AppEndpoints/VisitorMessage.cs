namespace Kameleoon.Hybrid;

/// <summary>A visitor code, as sent to or returned by the endpoints.</summary>
internal sealed record VisitorMessage(string VisitorCode);

/// <summary>What happened to a reported code.</summary>
internal sealed record SyncAnswer(string VisitorCode, VisitorLinkOutcome Outcome);
