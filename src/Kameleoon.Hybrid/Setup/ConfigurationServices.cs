using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Registers what loads the data file and keeps it current.</summary>
internal static class ConfigurationServices
{
    internal static void AddConfiguration(this IServiceCollection services)
    {
        services.AddSingleton(static provider => new ConfigurationStore(
            provider.GetRequiredService<TimeProvider>(),
            new(() => provider.GetRequiredService<ConfigurationRefresher>().Demanded))); // The refresher fills the store.
        services.TryAddSingleton<IKameleoonConfiguration>(
            static provider => provider.GetRequiredService<ConfigurationStore>());
        services.AddSingleton<RefreshSignal>();
        services.AddSingleton<RefreshReport>();
        services.AddSingleton<ConfigurationStream>();
        services.AddSingleton<LastGoodCopyKeeper>();
        services.AddSingleton<ConfigurationRefresher>();
        services.AddSingleton<LastGoodCopyFile>();
        services.AddSingleton(FarmPace.Default);
        services.AddSingleton<FarmStore>();
        services.AddSingleton<FarmCopy>();
        services.AddSingleton<FarmLease>();
        services.AddSingleton<FarmDataFileSource>();
        services.AddSingleton<FarmWatch>();
        services.TryAddSingleton<IDataFileSource>(static provider =>
            provider.GetRequiredService<IOptions<KameleoonOptions>>().Value.Configuration.File is { } file
                ? ActivatorUtilities.CreateInstance<DiskDataFileSource>(provider, Path.GetFullPath(
                    file, provider.GetService<IHostEnvironment>()?.ContentRootPath ?? AppContext.BaseDirectory))
                : ActivatorUtilities.CreateInstance<HttpDataFileSource>(provider));
        services.AddHostedService<ConfigurationService>();
    }
}
