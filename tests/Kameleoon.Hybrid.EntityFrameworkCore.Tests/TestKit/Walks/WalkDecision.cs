namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What a server decided.</summary>
internal sealed record WalkDecision(string Code, int Flag, string Variation, DecisionReason Reason);
