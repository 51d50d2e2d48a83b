using Microsoft.AspNetCore.Hosting;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Two servers that share sessions and links in one database.</summary>
internal sealed class WalkFarm : IAsyncDisposable
{
    private readonly Store _database;
    private readonly WalkRow _row;
    private readonly IdentitySite[] _sites = new IdentitySite[2];
    private readonly CollectedMetrics[] _metrics = new CollectedMetrics[2];
    private readonly RequestWatch[] _watches = new RequestWatch[2];
    private readonly Dictionary<string, double> _dropped = new(StringComparer.Ordinal);
    private readonly string _dataFile;

    private WalkFarm(Store database, WalkRow row, SentEvents events) =>
        (_database, _row, Events, _dataFile) = (database, row, events, WalkShop.DataFile(row));

    internal WalkShop Shop { get; } = new();

    internal SentEvents Events { get; }

    internal static async Task<WalkFarm> StartAsync(Store database, WalkRow row)
    {
        var farm = new WalkFarm(database, row, await SentEvents.StartAsync());
        await farm.StartAsync(0);
        await farm.StartAsync(1);
        return farm;
    }

    internal IdentitySite this[int place] => _sites[place];

    /// <summary>How many events the servers that stopped have dropped for a reason.</summary>
    internal double Dropped(string reason) => _dropped.GetValueOrDefault(reason);

    /// <summary>Sends a request, and returns when the server is done with it.</summary>
    internal async Task<(HttpResponseMessage Answer, string Code)> SendAsync(int place, HttpRequestMessage request)
    {
        request.Headers.Host = "shop.example";
        var answer = await _sites[place].Http.SendAsync(request);
        await answer.Content.LoadIntoBufferAsync();
        return (answer, await _watches[place].NextAsync());
    }

    /// <summary>Waits until each server knows what the other was told of some visitors.</summary>
    internal async Task ShareAsync(IEnumerable<string> codes)
    {
        foreach (var site in _sites)
        {
            await WrittenAsync(site);
        }

        foreach (var code in codes.ToList())
        {
            foreach (var site in _sites)
            {
                await site.App.Services.GetRequiredService<SharedSessions>().RefreshAsync(code);
            }
        }
    }

    /// <summary>Sends what all servers have.</summary>
    internal async Task FlushAsync()
    {
        foreach (var site in _sites)
        {
            (await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync()).ShouldBeTrue();
            await WrittenAsync(site);
        }
    }

    /// <summary>Stops a server in order.</summary>
    internal async Task StopAsync(int place)
    {
        await _sites[place].App.StopAsync();
        foreach (var reason in _metrics[place].Values("kameleoon.events.dropped", "reason"))
        {
            _dropped[reason] = _dropped.GetValueOrDefault(reason)
                + _metrics[place].Sum("kameleoon.events.dropped", "reason", reason);
        }

        _metrics[place].Dispose();
        await _sites[place].DisposeAsync();
    }

    internal async Task StartAsync(int place)
    {
        var watch = new RequestWatch();
        _sites[place] = await IdentitySite.StartAsync(
            kameleoon => _row.HasOutbox
                ? _database.AddTo(kameleoon).AddSharedSessions().AddTrackingOutbox()
                : _database.AddTo(kameleoon).AddSharedSessions(),
            options =>
            {
                options.Endpoints.Tracking = Events.Address;
                options.SharedSessions.Timeout = TimeSpan.FromSeconds(20);
                options.Identity.NegativeCacheDuration = TimeSpan.Zero; // … and the other server may have linked a user
                options.StopTimeout = TimeSpan.FromSeconds(60);
                options.Tracking.CarryFor = TimeSpan.FromMinutes(10); // a busy machine is no visitor who stays away
                (options.Identity.SignIn, options.Identity.SignOut) = (_row.SignIn, _row.SignOut);
            },
            Shop.Map,
            _dataFile,
            services => services.AddSingleton<IStartupFilter>(watch));
        _watches[place] = watch;
        _metrics[place] = new CollectedMetrics(_sites[place].App.Services);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var site in _sites)
        {
            await site.DisposeAsync();
        }

        await Events.DisposeAsync();
    }

    private static Task WrittenAsync(IdentitySite site) =>
        Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
}
