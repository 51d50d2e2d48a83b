namespace Kameleoon.Hybrid.Decisions;

/// <summary>The location of a visitor; names are compared without regard to case.</summary>
/// <param name="Country">The country's English name.</param>
/// <param name="Region">The region, or null when unknown.</param>
/// <param name="City">The city, or null when unknown.</param>
public readonly record struct VisitorLocation(string Country, string? Region = null, string? City = null);
