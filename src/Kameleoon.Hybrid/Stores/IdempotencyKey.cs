namespace Kameleoon.Hybrid.Stores;

/// <summary>The idempotency key of a request, and the attempt to process the request.</summary>
/// <param name="Caller">The visitor code of the caller. Each caller has keys of its own.</param>
/// <param name="Key">The key: 1 to 100 visible ASCII characters.</param>
/// <param name="Attempt">Identifies the attempt that claims the key. Only the attempt that holds the claim can confirm or
/// release it, so that a call that comes late changes nothing of a later attempt.</param>
public readonly record struct IdempotencyKey(string Caller, string Key, Guid Attempt);
