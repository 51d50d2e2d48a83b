namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>Idempotency keys in Redis.</summary>
[Collection(nameof(RedisServers))]
public sealed class RedisIdempotencyKeyStoreTests(RedisServer redis)
{
    private readonly string _site = "site" + Guid.NewGuid().ToString("N")[..8];

    [Fact]
    public async Task A_key_counts_once_for_its_content()
    {
        await using var stores = new RedisStores(redis, _site);
        var key = Key("anna");

        (await stores.Keys.ClaimAsync(key, "content", default)).ShouldBe(IdempotencyClaim.New);
        (await stores.Keys.ClaimAsync(Key("anna"), "content", default)).ShouldBe(IdempotencyClaim.Pending);
        (await stores.Keys.ClaimAsync(Key("anna"), "other", default)).ShouldBe(IdempotencyClaim.Other);
        (await stores.Keys.ClaimAsync(Key("bert"), "content", default)).ShouldBe(IdempotencyClaim.New);
        await stores.Keys.ConfirmAsync(key, default);
        (await stores.Keys.ClaimAsync(Key("anna"), "content", default)).ShouldBe(IdempotencyClaim.Repeated);
        await stores.Keys.ReleaseAsync(key, default);
        (await stores.Keys.ClaimAsync(Key("anna"), "content", default)).ShouldBe(IdempotencyClaim.Repeated);
    }

    [Fact]
    public async Task A_released_key_can_be_claimed_again()
    {
        await using var stores = new RedisStores(redis, _site);
        var key = Key("anna");
        await stores.Keys.ClaimAsync(key, "content", default);

        await stores.Keys.ReleaseAsync(key, default);

        (await stores.Keys.ClaimAsync(Key("anna"), "other", default)).ShouldBe(IdempotencyClaim.New);
    }

    [Fact]
    public async Task After_the_lease_another_attempt_has_the_key_and_the_first_changes_nothing_of_it()
    {
        await using var stores = new RedisStores(redis, _site);
        var (late, next) = (Key("anna"), Key("anna"));
        await stores.Keys.ClaimAsync(late, "content", default);
        await redis.ExecuteAsync("HINCRBY", $"kameleoon:{{{_site}}}:key:anna order", "used", -600_000);

        (await stores.Keys.ClaimAsync(next, "other", default)).ShouldBe(IdempotencyClaim.Other);
        (await stores.Keys.ClaimAsync(next, "content", default)).ShouldBe(IdempotencyClaim.New);
        await stores.Keys.ReleaseAsync(late, default);
        await stores.Keys.ConfirmAsync(late, default);
        (await stores.Keys.ClaimAsync(Key("anna"), "content", default)).ShouldBe(IdempotencyClaim.Pending);
        await stores.Keys.ConfirmAsync(next, default);
        (await stores.Keys.ClaimAsync(Key("anna"), "content", default)).ShouldBe(IdempotencyClaim.Repeated);
    }

    [Fact]
    public async Task Of_many_attempts_at_once_one_claims_the_key()
    {
        await using var stores = new RedisStores(redis, _site);

        var claims = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ =>
            stores.Keys.ClaimAsync(Key("anna"), "content", default).AsTask()));

        claims.Count(static claim => claim == IdempotencyClaim.New).ShouldBe(1);
        claims.Count(static claim => claim == IdempotencyClaim.Pending).ShouldBe(49);
    }

    [Fact]
    public async Task A_request_is_found_under_another_code_of_its_person_the_confirmed_one_first()
    {
        await using var stores = new RedisStores(redis, _site);
        await stores.Keys.ClaimAsync(Key("claimed"), "content", default);
        var confirmed = Key("confirmed");
        await stores.Keys.ClaimAsync(confirmed, "content", default);
        await stores.Keys.ConfirmAsync(confirmed, default);

        (await FindAsync(stores, "unknown", "claimed", "confirmed")).ShouldBe("confirmed");
        (await FindAsync(stores, "unknown", "claimed")).ShouldBe("claimed");
        (await FindAsync(stores, "unknown")).ShouldBeNull();
        (await stores.Keys.FindCallerAsync(["claimed"], "order", "other", default)).ShouldBeNull();
        (await FindAsync(stores)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_is_kept_for_two_days()
    {
        await using var stores = new RedisStores(redis, _site);

        await stores.Keys.ClaimAsync(Key("anna"), "content", default);

        var left = (long)await redis.ExecuteAsync("TTL", $"kameleoon:{{{_site}}}:key:anna order");
        left.ShouldBeInRange(86_400, 172_800);
    }

    private static IdempotencyKey Key(string caller) => new(caller, "order", Guid.NewGuid());

    private static ValueTask<string?> FindAsync(RedisStores stores, params string[] callers) =>
        stores.Keys.FindCallerAsync(callers, "order", "content", default);
}
