namespace Kameleoon.Hybrid;

/// <summary>A visitor code, told or asked for.</summary>
internal sealed record VisitorMessage(string VisitorCode);

/// <summary>What became of a code that was told.</summary>
internal sealed record SyncAnswer(string VisitorCode, VisitorLinkOutcome Outcome);
