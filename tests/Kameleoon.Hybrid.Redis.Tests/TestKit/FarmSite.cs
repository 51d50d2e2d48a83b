using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>A server of a farm without pages and with a disk of its own: what it knows of the data file.</summary>
internal sealed class FarmSite : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly DirectoryInfo _disk;

    private FarmSite(IHost host, DirectoryInfo disk) => (_host, _disk) = (host, disk);

    internal IServiceProvider Services => _host.Services;

    internal IKameleoonConfiguration Configuration => Services.GetRequiredService<IKameleoonConfiguration>();

    internal FakeLogCollector Log => Services.GetFakeLogCollector();

    internal FarmRole Role => Services.GetRequiredService<FarmLease>().Role;

    internal static async Task<FarmSite> StartAsync(
        FarmPlatform platform,
        Func<IKameleoonBuilder, IKameleoonBuilder> store,
        Action<KameleoonOptions>? options = null,
        TimeSpan? timeout = null)
    {
        var disk = Directory.CreateTempSubdirectory("farm-disk");
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Logging.CollectLibrary();
        store(builder.Services.AddKameleoonHybrid(settings =>
        {
            settings.SiteCode = "abcde12345";
            settings.Identity.HashKey = "a secret of the tests, 32 characters long";
            settings.Endpoints.Tracking = settings.Endpoints.Api = new Uri("http://127.0.0.1:1");
            settings.Endpoints.Configuration = settings.Endpoints.Stream = platform.Address;
            settings.Resilience.Configuration.Retries = 0;
            settings.Configuration.ReconnectDelay = settings.Configuration.RetryDelay = TimeSpan.FromMilliseconds(50);
            settings.Configuration.LastGoodCopyFolder = disk.FullName;
            options?.Invoke(settings);
        }));
        builder.Services.Replace(ServiceDescriptor.Singleton(new FarmPace(
            timeout ?? HangGuard.Timeout, TimeSpan.FromMinutes(5), TimeSpan.FromMilliseconds(50))));
        builder.Services.AddHealthChecks().AddKameleoonHybrid();
        var site = new FarmSite(builder.Build(), disk);
        await site._host.StartAsync();
        return site;
    }

    /// <summary>Whether the data file in force has a flag.</summary>
    internal bool Has(string flag) => Configuration.DataFile?.FindFlag(flag) is not null;

    /// <summary>What the health check tells of the farm.</summary>
    internal async Task<string> HealthAsync()
    {
        var report = await Services.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        return report.Entries.Values.Select(static entry => entry.Data.GetValueOrDefault("farm")).OfType<string>().Single();
    }

    public async ValueTask DisposeAsync()
    {
        if (!_disk.Exists)
        {
            return; // A test stopped it already.
        }

        await _host.StopAsync();
        _host.Dispose();
        _disk.Delete(recursive: true);
        _disk.Refresh();
    }
}
