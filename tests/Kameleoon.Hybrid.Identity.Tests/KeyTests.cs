using System.Globalization;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A request with a key counts once, and is never lost for it.</summary>
[Collection(nameof(Databases))]
public sealed class KeyTests(PostgreSqlServer postgres)
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":3001,"revenue":19.90}]}""";

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_request_whose_server_ended_before_its_events_were_safe_counts_when_it_is_sent_again(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        (await SendAsync(site)).Status.ShouldBe(202);
        site.TakeEvents();

        // As a server leaves it that ends in the middle.
        await database.ExecuteAsync("UPDATE kameleoon_idempotency_keys SET is_confirmed = 0");
        (await SendAsync(site)).Status.ShouldBe(503);
        site.TakeEvents().ShouldBeEmpty();
        await database.ExecuteAsync($"UPDATE kameleoon_idempotency_keys SET used_at = used_at - {LeaseOf(site).TotalMilliseconds}");
        var again = await SendAsync(site);

        (again.Status, again.Body.GetProperty("replayed").GetBoolean()).ShouldBe((202, false));
        site.TakeEvents().Count(tracked => tracked.IsConversion).ShouldBe(1);
        (await SendAsync(site)).Body.GetProperty("replayed").GetBoolean().ShouldBeTrue();
    }

    [Theory]
    [InlineData("memory")]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_key_is_claimed_then_confirmed_or_released_by_the_attempt_that_claimed_it(string kind)
    {
        using var database = await Store.CreateAsync(kind == "memory" ? "SQLite" : kind, postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        var clock = new FakeTimeProvider();
        var keys = kind == "memory"
            ? new InMemoryIdempotencyKeys(clock, Options.Create(new KameleoonOptions()))
            : site.App.Services.GetRequiredService<IIdempotencyKeyStore>();
        var (first, second, third) = (Attempt(), Attempt(), Attempt());

        (await keys.ClaimAsync(first, "bought", default)).ShouldBe(IdempotencyClaim.New);
        (await keys.ClaimAsync(second, "bought", default)).ShouldBe(IdempotencyClaim.Pending);
        (await keys.ClaimAsync(second, "sold", default)).ShouldBe(IdempotencyClaim.Other);
        await keys.ReleaseAsync(second, default);
        await keys.ConfirmAsync(second, default);
        (await keys.ClaimAsync(second, "bought", default)).ShouldBe(IdempotencyClaim.Pending);

        // The lease of the first attempt runs out. What it does later changes nothing.
        clock.Advance(LeaseOf(site));
        await database.ExecuteAsync($"UPDATE kameleoon_idempotency_keys SET used_at = used_at - {LeaseOf(site).TotalMilliseconds}");
        (await keys.ClaimAsync(second, "bought", default)).ShouldBe(IdempotencyClaim.New);
        await keys.ReleaseAsync(first, default);
        await keys.ConfirmAsync(first, default);
        (await keys.ClaimAsync(third, "bought", default)).ShouldBe(IdempotencyClaim.Pending);

        await keys.ReleaseAsync(second, default);
        (await keys.ClaimAsync(third, "sold", default)).ShouldBe(IdempotencyClaim.New);
        await keys.ConfirmAsync(third, default);
        await keys.ReleaseAsync(third, default);
        (await keys.ClaimAsync(Attempt(), "sold", default)).ShouldBe(IdempotencyClaim.Repeated);
        (await keys.FindCallerAsync(["b2", "a1"], "k", "sold", default)).ShouldBe("a1");
        (await keys.FindCallerAsync(["b2", "a1"], "k", "bought", default)).ShouldBeNull();
        (await keys.FindCallerAsync(["b2"], "k", "sold", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_caller_with_many_keys_removes_no_keys_of_others_from_memory()
    {
        var keys = new InMemoryIdempotencyKeys(new FakeTimeProvider(), Options.Create(new KameleoonOptions()));
        var bought = new IdempotencyKey("anna", "order-1", Guid.NewGuid());
        await keys.ClaimAsync(bought, "bought", default);
        await keys.ConfirmAsync(bought, default);

        for (var i = 0; i <= InMemoryIdempotencyKeys.Capacity; i++)
        {
            await keys.ClaimAsync(new IdempotencyKey("greedy", $"{i}", Guid.NewGuid()), "x", default);
        }

        (await keys.ClaimAsync(bought with { Attempt = Guid.NewGuid() }, "bought", default)).ShouldBe(IdempotencyClaim.Repeated);
        (await keys.FindCallerAsync(["greedy"], $"{InMemoryIdempotencyKeys.Capacity}", "x", default)).ShouldBe("greedy");
        (await keys.FindCallerAsync(["greedy"], $"{InMemoryIdempotencyKeys.Capacity - InMemoryIdempotencyKeys.CapacityOfCaller}", "x", default))
            .ShouldBeNull();
    }

    [Fact]
    public async Task Keys_in_memory_are_bounded_for_all_callers_together_and_expire_after_two_days()
    {
        var clock = new FakeTimeProvider();
        var keys = new InMemoryIdempotencyKeys(clock, Options.Create(new KameleoonOptions()));
        for (var i = 0; i <= InMemoryIdempotencyKeys.Capacity; i++)
        {
            await keys.ClaimAsync(new IdempotencyKey($"caller{i}", "k", Guid.NewGuid()), "x", default);
        }

        (await keys.FindCallerAsync(["caller0"], "k", "x", default)).ShouldBeNull();
        (await keys.FindCallerAsync(["caller1"], "k", "x", default)).ShouldBe("caller1");

        clock.Advance(TimeSpan.FromDays(2) - TimeSpan.FromSeconds(1));
        await keys.ClaimAsync(new IdempotencyKey("last but one", "k", Guid.NewGuid()), "x", default);
        (await keys.FindCallerAsync([$"caller{InMemoryIdempotencyKeys.Capacity}"], "k", "x", default)).ShouldNotBeNull();
        clock.Advance(TimeSpan.FromSeconds(1));
        await keys.ClaimAsync(new IdempotencyKey("last", "k", Guid.NewGuid()), "x", default);
        (await keys.FindCallerAsync([$"caller{InMemoryIdempotencyKeys.Capacity}"], "k", "x", default)).ShouldBeNull();
    }

    [Fact]
    public async Task A_key_whose_release_failed_is_released_again_once_the_store_does_so()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(kameleoon => database.AddTo(kameleoon).AddTrackingOutbox());
        (await SendAsync(site, "order-6")).Status.ShouldBe(202);
        await database.ExecuteAsync(
            "CREATE TRIGGER full BEFORE INSERT ON kameleoon_tracking_batches BEGIN SELECT RAISE(ABORT, 'The disk is full.'); END");
        await database.ExecuteAsync(
            "CREATE TRIGGER stuck BEFORE DELETE ON kameleoon_idempotency_keys BEGIN SELECT RAISE(ABORT, 'No.'); END");

        (await SendAsync(site)).Status.ShouldBe(503);

        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_idempotency_keys WHERE is_confirmed = 0")).ShouldBe(1);
        await database.ExecuteAsync("DROP TRIGGER full");
        await database.ExecuteAsync("DROP TRIGGER stuck");
        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_idempotency_keys WHERE is_confirmed = 0") == 0);
        (await SendAsync(site)).Body.GetProperty("replayed").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public void A_claim_of_a_server_that_ended_expires_before_clients_are_asked_to_send_again()
    {
        var lease = new KameleoonOptions().Identity.KeyLease;

        lease.ShouldBe(TimeSpan.FromSeconds(3));
        lease.TotalSeconds.ShouldBeLessThan(int.Parse(IdentityEndpoint.RetryAfterSeconds, CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task With_an_outbox_events_are_in_it_before_they_are_confirmed()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddTrackingOutbox(),
            options =>
            {
                options.TrackingInterval = TimeSpan.FromSeconds(5);
                options.Endpoints.Tracking = platform.Address;
                options.Resilience.Tracking.Retries = 0;
            });

        (await SendAsync(site)).Status.ShouldBe(202);

        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches")).ShouldBePositive();

        const string seen = """{"events":[{"type":"exposure","key":"checkout"}]}""";
        (await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", seen, code: "annas", key: "seen-1")).Status.ShouldBe(202);
        (await database.ExecuteAsync(
            "SELECT count(*) FROM kameleoon_tracking_batches WHERE CAST(body AS TEXT) LIKE '%eventType=experiment%'")).ShouldBe(1);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Old_keys_are_deleted_beside_the_requests_however_many(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var site = await IdentitySite.StartAsync(database.AddTo);
        await SendAsync(site);
        await database.ExecuteAsync(
            $"""
            INSERT INTO kameleoon_idempotency_keys (site_code, caller, key, content, used_at, is_confirmed, claimed_by)
            WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {(2 * IdempotencyKeyCleanup.BatchSize) + 1})
            SELECT 'abcde12345', 'bert', CAST(i AS TEXT), 'old', 0, 1, '' FROM n
            """);
        var clock = new FakeTimeProvider();
        using var sweeper = ActivatorUtilities.CreateInstance<IdempotencyKeyCleanup>(site.App.Services, clock);

        await sweeper.StartAsync(default);

        await clock.AdvanceUntilAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_idempotency_keys") == 1);
        await sweeper.StopAsync(default);
        (await SendAsync(site)).Body.GetProperty("replayed").GetBoolean().ShouldBeTrue();
    }

    private static IdempotencyKey Attempt() => new("a1", "k", Guid.NewGuid());

    private static TimeSpan LeaseOf(IdentitySite site) =>
        site.App.Services.GetRequiredService<IOptions<KameleoonOptions>>().Value.Identity.KeyLease;

    private static Task<(int Status, System.Text.Json.JsonElement Body)> SendAsync(IdentitySite site, string key = "order-7") =>
        site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, code: "annas", key: key);
}
