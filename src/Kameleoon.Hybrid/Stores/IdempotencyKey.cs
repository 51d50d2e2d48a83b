namespace Kameleoon.Hybrid.Stores;

/// <summary>The idempotency key of a request.</summary>
/// <param name="Caller">The visitor code of the caller. Each caller has keys of its own.</param>
/// <param name="Key">The key: 1 to 100 visible ASCII characters.</param>
public readonly record struct IdempotencyKey(string Caller, string Key);
