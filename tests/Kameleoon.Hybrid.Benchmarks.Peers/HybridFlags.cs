using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Benchmarks.Peers;

/// <summary>This library by its public API, with a data file in memory.</summary>
internal sealed class HybridFlags : IAsyncDisposable
{
    private readonly IHost _host;

    private HybridFlags(IHost host)
    {
        _host = host;
        Clients = host.Services.GetRequiredService<IKameleoonClientFactory>();
    }

    internal IKameleoonClientFactory Clients { get; }

    /// <param name="flags">How many flags, each an experiment in halves behind a delivery that finds no visitor.</param>
    internal static async Task<HybridFlags> StartAsync(int flags)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings());
        builder.Services.AddLogging(static logging => logging.ClearProviders());
        builder.Services.AddKameleoonHybrid(static options => options.SiteCode = "abcde12345")
            .UseDataFile(new InMemoryDataFile(System.Text.Encoding.UTF8.GetString(BenchmarkSite.Write(flags))));
        var host = builder.Build();
        await host.StartAsync();
        return new HybridFlags(host);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }
}
