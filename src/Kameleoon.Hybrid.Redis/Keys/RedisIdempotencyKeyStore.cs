using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Kameleoon.Hybrid.Redis;

/// <summary>Stores the idempotency keys of accepted requests in Redis, which removes them after two days.</summary>
internal sealed class RedisIdempotencyKeyStore(RedisConnection redis, RedisKeys keys, IOptions<KameleoonOptions> options)
    : IIdempotencyKeyStore
{
    private static readonly long Lifetime = (long)TimeSpan.FromDays(2).TotalMilliseconds;

    private readonly long _lease = (long)Math.Ceiling(options.Value.Identity.KeyLease.TotalMilliseconds);

    public async ValueTask<IdempotencyClaim> ClaimAsync(
        IdempotencyKey key, string content, CancellationToken cancellationToken) => (IdempotencyClaim)(int)await redis.RunAsync(
            IdempotencyScripts.Claim, [KeyOf(key)], [content, TextOf(key.Attempt), _lease, Lifetime], cancellationToken);

    public async ValueTask<string?> FindCallerAsync(
        IReadOnlyCollection<string> callers, string key, string content, CancellationToken cancellationToken)
    {
        string[] all = [.. callers];
        var place = (int)await redis.RunAsync(
            IdempotencyScripts.Find, [.. all.Select(caller => keys.Idempotency(caller, key))], [content], cancellationToken);
        return place == 0 ? null : all[place - 1];
    }

    public async ValueTask ConfirmAsync(IdempotencyKey key, CancellationToken cancellationToken) => await redis.RunAsync(
        IdempotencyScripts.Confirm, [KeyOf(key)], [TextOf(key.Attempt), Lifetime], cancellationToken);

    public async ValueTask ReleaseAsync(IdempotencyKey key, CancellationToken cancellationToken) => await redis.RunAsync(
        IdempotencyScripts.Release, [KeyOf(key)], [TextOf(key.Attempt)], cancellationToken);

    private static string TextOf(Guid attempt) => attempt.ToString("N");

    private RedisKey KeyOf(in IdempotencyKey key) => keys.Idempotency(key.Caller, key.Key);
}
