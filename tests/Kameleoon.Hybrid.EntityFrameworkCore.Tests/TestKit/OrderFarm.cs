using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>The servers of a shop, each a process, and the orders that they confirmed.</summary>
internal sealed class OrderFarm : IAsyncDisposable
{
    private const int AtOnce = 8;

    private readonly Store _database;
    private readonly Uri _dataApi;
    private readonly HostProcess?[] _nodes;
    private readonly ConcurrentDictionary<int, bool> _confirmed = new();
    private int _asked;

    private OrderFarm(Store database, Uri dataApi, int count) =>
        (_database, _dataApi, _nodes) = (database, dataApi, new HostProcess?[count]);

    /// <summary>The numbers of the orders that a server confirmed.</summary>
    internal ICollection<int> Confirmed => _confirmed.Keys;

    /// <summary>How many orders were asked for.</summary>
    internal int Asked => Volatile.Read(ref _asked);

    internal static async Task<OrderFarm> StartAsync(Store database, Uri dataApi, int count)
    {
        var farm = new OrderFarm(database, dataApi, count);
        await Task.WhenAll(Enumerable.Range(0, count).Select(farm.StartAsync));
        return farm;
    }

    /// <summary>Starts a server in the place of one that was killed.</summary>
    internal async Task StartAsync(int place)
    {
        await EndAsync(place);
        _nodes[place] = await HostProcess.StartOrdersAsync(_database, _dataApi);
    }

    /// <summary>Ends a server without a word.</summary>
    internal Task KillAsync(int place) => _nodes[place]!.KillAsync();

    /// <summary>Orders from all servers by turns, several at once. A server that was killed confirms nothing.</summary>
    internal Task BuyAsync(int count) => BuyAsync(_asked + count, CancellationToken.None);

    /// <summary>Orders without end, so that orders are under way whenever a server is killed.</summary>
    /// <param name="enough">Ends it.</param>
    internal Task BuyUntilAsync(CancellationToken enough) => BuyAsync(int.MaxValue, enough);

    private Task BuyAsync(int until, CancellationToken enough) => Task.WhenAll(Enumerable.Range(0, AtOnce).Select(async _ =>
    {
        while (!enough.IsCancellationRequested && Interlocked.Increment(ref _asked) is var order && order <= until)
        {
            try
            {
                if (await _nodes[order % _nodes.Length]!.OrderAsync(order))
                {
                    _confirmed[order] = true;
                }
            }
            catch (Exception e) when (e is HttpRequestException or System.Net.Sockets.SocketException)
            {
                // Killed. The second comes where the connection was just made.
            }
        }
    }));

    public async ValueTask DisposeAsync()
    {
        for (var place = 0; place < _nodes.Length; place++)
        {
            await EndAsync(place);
        }
    }

    private async Task EndAsync(int place)
    {
        if (_nodes[place] is { } node)
        {
            await node.DisposeAsync();
        }
    }
}
