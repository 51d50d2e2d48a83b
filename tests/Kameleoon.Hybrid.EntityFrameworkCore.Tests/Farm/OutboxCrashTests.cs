namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What an application confirmed reaches the platform once, whichever process is killed under load.</summary>
[Collection(nameof(CrashingShops))]
public sealed class OutboxCrashTests(PostgreSqlServer postgres)
{
    private const int Orders = 300;

    [Theory]
    [InlineData("SQLite", 1)]
    [InlineData("PostgreSQL", 3)]
    public async Task Every_confirmed_order_arrives_once_although_a_process_is_killed_in_the_middle(string kind, int count)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        await using var farm = await OrderFarm.StartAsync(database, platform.Address, count);

        using var enough = new CancellationTokenSource();
        var buying = farm.BuyUntilAsync(enough.Token);
        await Eventually.IsTrueAsync(() => farm.Confirmed.Count > 100);
        platform.IsAway = true;
        var before = farm.Confirmed.Count;
        await Eventually.IsTrueAsync(() => farm.Confirmed.Count > before + 100); // the outbox has them only
        await farm.KillAsync(0);
        await enough.CancelAsync();
        await buying;
        farm.Confirmed.Count.ShouldBeLessThan(farm.Asked);
        (await WaitingAsync(database)).ShouldBePositive();
        (farm.Confirmed.Count - platform.Orders.Count).ShouldBePositive();

        // The leases of the dead run out: minutes that no test needs to wait for.
        await database.ExecuteAsync("UPDATE kameleoon_tracking_batches SET claimed_until = 0");
        platform.IsAway = false;
        await farm.StartAsync(0);

        await Eventually.IsTrueAsync(async () => await WaitingAsync(database) == 0);
        platform.Orders.Distinct().Count().ShouldBe(platform.Orders.Count);
        farm.Confirmed.Except(platform.Orders).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SQLite", 1)]
    [InlineData("PostgreSQL", 3)]
    public async Task Processes_that_are_killed_again_and_again_while_the_platform_takes_events_lose_and_double_nothing(
        string kind, int count)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        platform.Pause = TimeSpan.FromMilliseconds(100);
        await using var farm = await OrderFarm.StartAsync(database, platform.Address, count);

        for (var kill = 0; kill < 4; kill++)
        {
            using var enough = new CancellationTokenSource();
            var before = farm.Confirmed.Count;
            var buying = farm.BuyUntilAsync(enough.Token);
            await Eventually.IsTrueAsync(() => farm.Confirmed.Count > before + 40);
            await farm.KillAsync(kill % count);
            await enough.CancelAsync(); // Orders during the start of the new process would only slow it down.
            await buying;
            await farm.StartAsync(kill % count);
        }

        // The leases of the dead run out; those of the living, too, so that some is sent again, under its nonces.
        await database.ExecuteAsync("UPDATE kameleoon_tracking_batches SET claimed_until = 0");
        await Eventually.IsTrueAsync(async () => await WaitingAsync(database) == 0);
        platform.Orders.Distinct().Count().ShouldBe(platform.Orders.Count);
        farm.Confirmed.Except(platform.Orders).ShouldBeEmpty();
        farm.Confirmed.Count.ShouldBeInRange(4 * 40, farm.Asked - 1);
    }

    [Fact]
    public async Task Nodes_that_share_the_work_after_an_outage_send_nothing_twice()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        await using var farm = await OrderFarm.StartAsync(database, platform.Address, count: 3);
        await farm.BuyAsync(Orders);
        farm.Confirmed.Count.ShouldBe(Orders);
        platform.Lines.ShouldBe(0);

        platform.IsAway = false;

        await Eventually.IsTrueAsync(async () => await WaitingAsync(database) == 0);
        platform.Orders.Order().ShouldBe(Enumerable.Range(1, Orders));
        platform.Lines.ShouldBe(Orders);
    }

    private static Task<long> WaitingAsync(Store database) =>
        database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches");
}

/// <summary>The tests that wait for pauses and leases, with a server of their own, so that others run meanwhile.</summary>
[CollectionDefinition(nameof(CrashingShops))]
public sealed class CrashingShops : ICollectionFixture<PostgreSqlServer>;
