namespace Api;

/// <summary>An order of a customer.</summary>
/// <param name="Number">Its number, by which it is counted once.</param>
/// <param name="Total">The price of all goods.</param>
internal sealed record Order(string Number, decimal Total);
