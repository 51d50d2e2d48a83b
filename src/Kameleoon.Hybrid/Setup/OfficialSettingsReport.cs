using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Logs, at the start, the values of the official SDK's settings file that are not used as they stand.</summary>
/// <remarks>The file is read before there is a log.</remarks>
internal sealed class OfficialSettingsReport(ILogger<OfficialSettingsReport> logger, IConfiguration? configuration = null)
    : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var problem in Providers(configuration).OfType<OfficialSettingsProvider>().SelectMany(static file => file.Problems))
        {
            logger.OfficialSettingOutOfRange(problem);
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static IEnumerable<IConfigurationProvider> Providers(IConfiguration? configuration) =>
        (configuration as IConfigurationRoot)?.Providers.SelectMany(static provider =>
            provider is ChainedConfigurationProvider chained ? Providers(chained.Configuration) : [provider]) ?? [];
}
