using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What an application confirmed reaches the platform once, whichever process is killed under load.</summary>
[Collection(nameof(Databases))]
public sealed class OutboxCrashTests(PostgreSqlServer postgres)
{
    private const int Orders = 600;

    [Theory]
    [InlineData("SQLite", 1)]
    [InlineData("PostgreSQL", 3)]
    public async Task Every_confirmed_order_arrives_once_although_a_process_is_killed_in_the_middle(string kind, int count)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        var nodes = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => HostProcess.StartOrdersAsync(database, platform.Address)));
        var confirmed = new ConcurrentDictionary<int, bool>();

        var buying = BuyAsync(nodes, confirmed);
        await Eventually.IsTrueAsync(() => confirmed.Count > Orders / 6);
        platform.IsAway = true;
        var before = confirmed.Count;
        await Eventually.IsTrueAsync(() => confirmed.Count > before + (Orders / 6)); // the outbox has them only
        await nodes[0].KillAsync();
        await buying;
        confirmed.Count.ShouldBeLessThan(Orders);
        (await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches")).ShouldBePositive();
        (confirmed.Count - platform.Orders.Count).ShouldBePositive();

        // The leases of the dead run out: minutes that nobody needs to wait for.
        await database.ExecuteAsync("UPDATE kameleoon_tracking_batches SET claimed_until = 0");
        platform.IsAway = false;
        await using var next = await HostProcess.StartOrdersAsync(database, platform.Address);

        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches") == 0);
        platform.Orders.Distinct().Count().ShouldBe(platform.Orders.Count);
        confirmed.Keys.Except(platform.Orders).ShouldBeEmpty();
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
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
        var nodes = await Task.WhenAll(Enumerable.Range(0, count).Select(_ => HostProcess.StartOrdersAsync(database, platform.Address)));
        var confirmed = new ConcurrentDictionary<int, bool>();
        using var enough = new CancellationTokenSource();

        var buying = BuyUntilAsync(nodes, confirmed, enough.Token);
        for (var kill = 0; kill < 4; kill++)
        {
            var before = confirmed.Count;
            await Eventually.IsTrueAsync(() => confirmed.Count > before + 40);
            await nodes[kill % count].KillAsync();
            await nodes[kill % count].DisposeAsync();
            nodes[kill % count] = await HostProcess.StartOrdersAsync(database, platform.Address);
        }

        await enough.CancelAsync();
        await buying;

        // The leases of the dead run out; those of the living, too, so that some is sent again, under its nonces.
        await database.ExecuteAsync("UPDATE kameleoon_tracking_batches SET claimed_until = 0");
        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches") == 0);
        platform.Orders.Distinct().Count().ShouldBe(platform.Orders.Count);
        confirmed.Keys.Except(platform.Orders).ShouldBeEmpty();
        confirmed.Count.ShouldBeGreaterThan(160);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    [Fact]
    public async Task Nodes_that_share_the_work_after_an_outage_send_nothing_twice()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var platform = await DataApi.StartAsync();
        platform.IsAway = true;
        var nodes = await Task.WhenAll(Enumerable.Range(0, 3).Select(_ => HostProcess.StartOrdersAsync(database, platform.Address)));
        var confirmed = new ConcurrentDictionary<int, bool>();
        await BuyAsync(nodes, confirmed);
        confirmed.Count.ShouldBe(Orders);
        platform.Lines.ShouldBe(0);

        platform.IsAway = false;

        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches") == 0);
        platform.Orders.Order().ShouldBe(Enumerable.Range(0, Orders));
        platform.Lines.ShouldBe(Orders);
        foreach (var node in nodes)
        {
            await node.DisposeAsync();
        }
    }

    private static Task BuyUntilAsync(
        HostProcess[] nodes, ConcurrentDictionary<int, bool> confirmed, CancellationToken enough)
    {
        var orders = 0;
        return Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            while (!enough.IsCancellationRequested)
            {
                var order = Interlocked.Increment(ref orders);
                try
                {
                    if (await Volatile.Read(ref nodes[order % nodes.Length]).OrderAsync(order))
                    {
                        confirmed[order] = true;
                    }
                }
                catch (Exception e) when (e is HttpRequestException or ObjectDisposedException or OperationCanceledException)
                {
                    // Killed.
                    await Task.Delay(20, CancellationToken.None);
                }
            }
        }));
    }

    private static Task BuyAsync(HostProcess[] nodes, ConcurrentDictionary<int, bool> confirmed) =>
        Parallel.ForAsync(0, Orders, new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (order, _) =>
        {
            try
            {
                if (await nodes[order % nodes.Length].OrderAsync(order))
                {
                    confirmed[order] = true;
                }
            }
            catch (HttpRequestException)
            {
                // Killed.
            }
        });
}
