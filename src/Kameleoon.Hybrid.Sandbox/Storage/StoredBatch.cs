namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One request of events as it came; the figures are made of it again at the next start.</summary>
internal sealed record StoredBatch(DateTimeOffset Time, string Query, RequestFacts Facts, string Body);
