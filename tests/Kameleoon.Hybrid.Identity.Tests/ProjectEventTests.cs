using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A project that uses the outbox of the application keeps its idempotency keys in a store of its own.</summary>
[Collection(nameof(Databases))]
public sealed class ProjectEventTests(PostgreSqlServer postgres)
{
    private const string Confirmed = "SELECT COUNT(*) FROM kameleoon_idempotency_keys WHERE is_confirmed = 1";

    [Fact]
    public async Task Keys_in_the_database_of_a_project_are_confirmed_there()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        using var own = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform, outlet => own.AddTo(outlet));

        (await BuyAsync(site, 1)).ShouldBe((202, false));

        (await own.ExecuteAsync(Confirmed)).ShouldBe(1);
        (await BuyAsync(site, 1)).ShouldBe((202, true));
        (await database.ExecuteAsync("SELECT COUNT(*) FROM kameleoon_idempotency_keys")).ShouldBe(0);
        await Eventually.IsTrueAsync(() => platform.Orders.Contains(1));
        platform.Orders.Count(static order => order == 1).ShouldBe(1);
    }

    [Fact]
    public async Task Keys_in_memory_of_a_project_are_confirmed_there()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        await using var site = await StartAsync(database, platform, static outlet => outlet);

        (await BuyAsync(site, 1)).ShouldBe((202, false));
        (await BuyAsync(site, 1)).ShouldBe((202, true));
        (await BuyAsync(site, 2)).ShouldBe((202, false));
    }

    [Fact]
    public async Task A_database_of_a_project_with_an_outbox_confirms_keys_in_the_transaction_of_their_events()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        using var own = await Store.CreateAsync("SQLite", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var site = await StartAsync(database, platform, outlet => own.AddTo(outlet).AddTrackingOutbox());
        (await BuyAsync(site, 1)).ShouldBe((202, false));
        await own.ExecuteAsync(
            "CREATE TRIGGER broken BEFORE UPDATE ON kameleoon_idempotency_keys BEGIN SELECT RAISE(ABORT, 'No.'); END");

        (await BuyAsync(site, 2)).Status.ShouldBe(503);
    }

    private static Task<IdentitySite> StartAsync(
        Store database, DataApi platform, Func<IKameleoonBuilder, IKameleoonBuilder> store) => IdentitySite.StartAsync(
        kameleoon => database.AddTo(kameleoon).AddTrackingOutbox(),
        options => Configure(options, platform),
        static group => group.AllowAnonymous(),
        services: services => store(services.AddKameleoonHybrid("outlet", options =>
        {
            Configure(options, platform);
            options.SiteCode = "fghij67890";
            options.Hosts.Add("outlet.example.com");
            options.Identity.HashKey = "a secret of the tests, 32 characters long";
            options.Identity.Timeout = TimeSpan.FromSeconds(20);
        }).UseDataFile(new InMemoryDataFile(IdentitySite.Experiments))));

    private static void Configure(KameleoonOptions options, DataApi platform)
    {
        options.Endpoints.Tracking = platform.Address;
        options.Resilience.Tracking.Retries = 0;
        options.Resilience.Tracking.BreakRatio = 1;
        options.TrackingInterval = TimeSpan.FromSeconds(1);
        options.StopTimeout = TimeSpan.Zero;
    }

    private static async Task<(int Status, bool Replayed)> BuyAsync(IdentitySite site, int order)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/events");
        request.Headers.Host = "outlet.example.com";
        request.Headers.Add("Cookie", "kameleoonVisitorCode=annas");
        request.Headers.Add("Idempotency-Key", $"order-{order}");
        request.Content = new StringContent(OutboxSite.Bought(order), Encoding.UTF8, "application/json");
        using var response = await site.Http.SendAsync(request);
        var body = JsonDocument.Parse(await response.Content.ReadAsStringAsync()).RootElement;
        return ((int)response.StatusCode, body.TryGetProperty("replayed", out var replayed) && replayed.GetBoolean());
    }
}
