namespace Shop.Catalogue;

/// <summary>What a visitor pays for one plant.</summary>
/// <param name="Amount">EUR.</param>
/// <param name="Before">The list price it was reduced from, or null when it was not.</param>
internal readonly record struct Price(decimal Amount, decimal? Before = null);
