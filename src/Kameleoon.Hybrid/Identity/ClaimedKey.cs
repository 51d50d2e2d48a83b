namespace Kameleoon.Hybrid;

/// <summary>An idempotency key that an attempt claims.</summary>
/// <param name="Key">The key and the attempt.</param>
/// <param name="Since">A timestamp from before the claim, so that the claim expires no earlier than the lease after
/// it.</param>
internal sealed record ClaimedKey(IdempotencyKey Key, long Since);
