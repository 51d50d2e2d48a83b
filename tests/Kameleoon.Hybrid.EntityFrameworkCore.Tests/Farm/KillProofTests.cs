using System.Collections.Concurrent;
using System.Globalization;
using Xunit.Abstractions;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Servers of a shop that share sessions are killed under load, again and again, while customers send each purchase,
/// with an id, under one key until it is confirmed. What was confirmed arrives, and is counted once.</summary>
/// <remarks>On PostgreSQL there are two servers, and each try goes to the other one. On SQLite the next process of the one
/// server reads what the dead one shared. Two kills in each of two cases. Set the environment variable <c>KAMELEOON_KILLS</c> to the number of kills in each
/// of all eight cases.</remarks>
[Collection(nameof(Databases))]
public sealed class KillProofTests(PostgreSqlServer postgres, ITestOutputHelper output) : IAsyncLifetime
{
    private const int Customers = 8;
    private const int KillsInShort = 2;

    private static readonly int? AskedKills =
        int.TryParse(Environment.GetEnvironmentVariable("KAMELEOON_KILLS"), CultureInfo.InvariantCulture, out var kills) ? kills : null;

    private readonly ConcurrentDictionary<int, bool> _confirmed = new();
    private int _orders;
    private int _answered;
    private int _refused;
    private int _unanswered;
    private HostProcess?[] _shops = [];
    private bool _isStarting;

    public static TheoryData<string, string> Cases
    {
        get
        {
            var all = new TheoryData<string, string>();
            foreach (var (kind, platform) in AskedKills is null
                ? [("SQLite", "failing"), ("PostgreSQL", "cutting")]
                : from kind in (string[])["SQLite", "PostgreSQL"]
                  from platform in (string[])["good", "slow", "failing", "cutting"]
                  select (kind, platform))
            {
                all.Add(kind, platform);
            }

            return all;
        }
    }

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        foreach (var shop in _shops.OfType<HostProcess>())
        {
            await shop.DisposeAsync();
        }
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task Confirmed_purchases_arrive_and_none_is_counted_twice_by_its_key(string kind, string behaviour)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var platform = await DataApi.StartAsync();
        Behave(platform, behaviour);
        var random = new Random(20261129);
        _shops = await Task.WhenAll(Enumerable.Range(0, database.IsSqlite ? 1 : 2)
            .Select(_ => HostProcess.StartOrdersAsync(database, platform.Address)));
        using var enough = new CancellationTokenSource();
        var buying = Task.WhenAll(Enumerable.Range(0, Customers).Select(_ => BuyAsync(enough.Token)));

        for (var kill = 0; kill < (AskedKills ?? KillsInShort); kill++)
        {
#pragma warning disable CA5394 // A moment of a test is not a secret.
            var until = Volatile.Read(ref _answered) + random.Next(10, 60);
#pragma warning restore CA5394
            await Eventually.IsTrueAsync(() => Volatile.Read(ref _answered) > until || buying.IsCompleted);
            var place = kill % _shops.Length;
            Volatile.Write(ref _isStarting, true);
            await _shops[place]!.KillAsync();
            await _shops[place]!.DisposeAsync();

            // The leases of the dead run out: minutes that no test needs to wait for.
            await database.ExecuteAsync("UPDATE kameleoon_tracking_batches SET claimed_until = 0");
            Volatile.Write(ref _shops[place], await HostProcess.StartOrdersAsync(database, platform.Address));
            Volatile.Write(ref _isStarting, false);
        }

        Behave(platform, "good");
        await enough.CancelAsync();
        await buying.WaitAsync(HangGuard.Timeout);
        await Eventually.IsTrueAsync(async () =>
            await database.ExecuteAsync("SELECT count(*) FROM kameleoon_tracking_batches") == 0);

        output.WriteLine(
            $"| {kind}, {behaviour} | {AskedKills ?? KillsInShort} | {_answered + _unanswered} | {_unanswered} | {_refused} "
            + $"| {_confirmed.Count} | {platform.Lines} | {_confirmed.Keys.Except(platform.Orders).Count()} "
            + $"| {platform.Orders.Count - platform.Orders.Distinct().Count()} |");
        _confirmed.Count.ShouldBePositive();
        _confirmed.Keys.Except(platform.Orders).ShouldBeEmpty();
        platform.Orders.Distinct().Count().ShouldBe(platform.Orders.Count);
    }

    private static void Behave(DataApi platform, string behaviour)
    {
        platform.IsAway = behaviour == "failing";
        platform.Cuts = behaviour == "cutting";
        platform.Pause = behaviour is "slow" or "failing" ? TimeSpan.FromSeconds(2) : TimeSpan.Zero;
    }

    // Each purchase is sent until it is confirmed, also after the last kill. New ones would only slow down a server that starts.
    private async Task BuyAsync(CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            if (Volatile.Read(ref _isStarting))
            {
                await Task.Delay(100, CancellationToken.None);
                continue;
            }

            var order = Interlocked.Increment(ref _orders);
            for (var attempt = order; !await TrySendAsync(order, attempt % _shops.Length); attempt++)
            {
                await Task.Delay(100, CancellationToken.None);
            }

            _confirmed[order] = true;
        }
    }

    private async Task<bool> TrySendAsync(int order, int place)
    {
        try
        {
            var isConfirmed = await Volatile.Read(ref _shops[place])!.SendPurchaseAsync(order);
            Interlocked.Increment(ref _answered);
            if (!isConfirmed)
            {
                Interlocked.Increment(ref _refused);
            }

            return isConfirmed;
        }
        catch (Exception e) when (e is HttpRequestException or ObjectDisposedException or OperationCanceledException)
        {
            // Killed.
            Interlocked.Increment(ref _unanswered);
            return false;
        }
    }
}
