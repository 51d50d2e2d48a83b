using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Two servers with one PostgreSQL whose clocks differ by minutes and by days behave as if they did not.</summary>
[Collection(nameof(Databases))]
public sealed class ClockSkewTests(PostgreSqlServer postgres)
{
    private const string Bought = """{"events":[{"type":"conversion","goalId":1,"revenue":7}]}""";

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(3 * 24 * 60)]
    [InlineData(-3 * 24 * 60)]
    public async Task Who_linked_first_wins_whatever_the_clocks_say(int minutes)
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var right = await StartAsync(database);
        await using var wrong = await StartAsync(database, minutes);

        (await right.GoAsync("anna", "first")).Code.ShouldBe("first");
        (await wrong.GoAsync("anna", "second")).Code.ShouldBe("first");
        (await wrong.GoAsync("bert", "third")).Code.ShouldBe("third");
        (await right.GoAsync("bert", "fourth")).Code.ShouldBe("third");
        (await right.GoAsync("bert", "first")).Code.ShouldBe("third");
    }

    [Theory]
    [InlineData(3 * 24 * 60)]
    [InlineData(-3 * 24 * 60)]
    public async Task A_key_that_one_server_took_is_known_to_all_also_after_one_with_another_clock_cleaned_up(int minutes)
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var right = await StartAsync(database);
        await using var wrong = await StartAsync(database, minutes);
        using var cleaner = ActivatorUtilities.CreateInstance<IdempotencyKeyCleanup>(wrong.App.Services);
        (await SendAsync(right, "order-1")).ShouldBeFalse();
        (await SendAsync(wrong, "order-2")).ShouldBeFalse();

        await cleaner.DeleteExpiredAsync(default);

        (await SendAsync(wrong, "order-1")).ShouldBeTrue();
        (await SendAsync(right, "order-2")).ShouldBeTrue();
        await database.ExecuteAsync(
            $"UPDATE kameleoon_idempotency_keys SET used_at = used_at - {TimeSpan.FromHours(49).TotalMilliseconds} WHERE key = 'order-1'");
        await cleaner.DeleteExpiredAsync(default);

        (await SendAsync(right, "order-1")).ShouldBeFalse();
        (await SendAsync(right, "order-2")).ShouldBeTrue();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(-10)]
    [InlineData(24 * 60)]
    [InlineData(-24 * 60)]
    public async Task The_last_word_about_a_visitor_counts_and_no_session_ends_early(int minutes)
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var right = await StartAsync(database);
        await using var wrong = await StartAsync(database, minutes);

        await SayAsync(wrong, "gold");
        await Eventually.IsTrueAsync(async () => await PlanAsync(right) == "gold");
        await SayAsync(right, "silver");
        await Eventually.IsTrueAsync(async () => await PlanAsync(wrong) == "silver");
        await SayAsync(wrong, "bronze");
        await Eventually.IsTrueAsync(async () => await PlanAsync(right) == "bronze");
        await wrong.App.Services.GetRequiredService<IVisitorSessionStore>().DeleteExpiredAsync(default);
        await using var next = await StartAsync(database);

        (await PlanAsync(next)).ShouldBe("bronze");
    }

    [Theory]
    [InlineData(10)]
    [InlineData(24 * 60)]
    [InlineData(3 * 24 * 60)]
    [InlineData(-3 * 24 * 60)]
    public async Task What_one_server_is_sending_no_other_sends_and_what_it_left_is_not_too_old(int minutes)
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var wrong = await StartAsync(database, minutes, platform);
        await using (var right = await StartAsync(database, data: platform))
        {
            (await BuyAsync(right, 1)).ShouldBeTrue();
            (await BuyAsync(wrong, 2)).ShouldBeTrue();
            await right.App.StopAsync();
        }

        // A server holds them, by whose clock the leases are over, or begin some day.
        var sender = wrong.App.Services.GetRequiredService<ITrackingOutbox>();
        await using var another = await StartAsync(database, data: platform);
        var claimed = new List<TrackingBatch>();
        await Eventually.IsTrueAsync(async () =>
        {
            if (await sender.ClaimAsync("abcde12345", TimeSpan.FromMinutes(5), default) is { } batch)
            {
                claimed.Add(batch);
            }

            return claimed.Count == 2;
        });
        (await another.App.Services.GetRequiredService<ITrackingOutbox>()
            .ClaimAsync("abcde12345", TimeSpan.FromMinutes(5), default)).ShouldBeNull();
        platform.IsAway = false;
        platform.Lines.ShouldBe(0);
        foreach (var batch in claimed)
        {
            await sender.ReleaseAsync(batch.Id, TimeSpan.Zero, default);
        }

        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches") == 0);
        platform.Orders.Order().ShouldBe([1, 2]);
    }

    private static Task<IdentitySite> StartAsync(Store database, int minutes = 0, DataApi? data = null) => IdentitySite.StartAsync(
        kameleoon => data is null
            ? database.AddTo(kameleoon).AddSharedSessions()
            : database.AddTo(kameleoon).AddTrackingOutbox(),
        options =>
        {
            options.SharedSessions.Timeout = TimeSpan.FromSeconds(20);
            options.Resilience.Tracking.Retries = 0;
            options.Resilience.Tracking.RetryDelay = TimeSpan.FromMilliseconds(20);
            options.Resilience.Tracking.BreakRatio = 1;
            options.Endpoints.Tracking = data?.Address ?? options.Endpoints.Tracking;
        },
        Map,
        services: services => services.AddSingleton<TimeProvider>(new WrongClock(TimeSpan.FromMinutes(minutes))));

    private static void Map(RouteGroupBuilder group)
    {
        var test = group.MapGroup("test").AllowAnonymous();
        test.MapPost("plan", (IKameleoonClient client, string said) => client.AddData(new CustomData(4, said)));
        test.MapGet("plan", (HttpContext context, VisitorStore visitors) =>
            visitors.Peek(RequestVisitor.Of(context).Code)?.Record.Known.CustomData.Find(4)?[0] ?? "");
        test.MapPost("buy", async (IKameleoonClientFactory clients, int order) =>
        {
            var client = clients.ForVisitor("anna");
            client.TrackConversion(1, order);
            return await client.FlushAsync() ? Results.NoContent() : Results.StatusCode(503);
        });
    }

    private static async Task<bool> SendAsync(IdentitySite site, string key) =>
        (await site.SendAsync(HttpMethod.Post, "/kameleoon/events", "anna", Bought, key: key)).Body
            .GetProperty("replayed").GetBoolean();

    private static async Task SayAsync(IdentitySite site, string plan) =>
        await site.SendAsync(HttpMethod.Post, "/kameleoon/test/plan?said=" + plan, code: "anna");

    private static async Task<string> PlanAsync(IdentitySite site)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/kameleoon/test/plan");
        request.Headers.Add("Cookie", "kameleoonVisitorCode=anna");
        using var response = await site.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static async Task<bool> BuyAsync(IdentitySite site, int order) =>
        (await site.SendAsync(HttpMethod.Post, $"/kameleoon/test/buy?order={order}")).Status == 204;
}
