namespace Kameleoon.Hybrid.Decisions;

/// <summary>A page that a visitor viewed.</summary>
/// <param name="Address">The page's URL as text, however malformed.</param>
/// <param name="Title">The page's title, or null when unknown.</param>
public readonly record struct VisitorPage(string Address, string? Title = null);
