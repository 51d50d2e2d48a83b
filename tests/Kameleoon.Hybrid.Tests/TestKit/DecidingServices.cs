using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The library with a data file and without an application.</summary>
internal static class DecidingServices
{
    internal static ServiceProvider Build(byte[] dataFile, Action<KameleoonOptions>? configure = null)
    {
        var services = new ServiceCollection();
        services.AddLogging(static logging => logging.ClearProviders())
            .AddKameleoonHybrid(options =>
            {
                options.SiteCode = "abcde12345";
                configure?.Invoke(options);
            });
        var provider = services.BuildServiceProvider();
        provider.GetRequiredService<ConfigurationStore>().Confirm(
            ConfigurationSnapshot.Of(new(DataFileSource.Memory, dataFile), static _ => { }),
            TimeProvider.System.GetUtcNow());
        return provider;
    }
}
