namespace Kameleoon.Hybrid.Stores;

/// <summary>A page of messages about experiments.</summary>
/// <param name="Messages">The messages; none after the newest one.</param>
/// <param name="Next">The position after this page, or null where there never was a message. Only the feed interprets it.</param>
public sealed record ExperimentMessages(IReadOnlyList<ReadOnlyMemory<byte>> Messages, string? Next);
