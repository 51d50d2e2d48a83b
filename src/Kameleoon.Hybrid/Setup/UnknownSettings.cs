using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Logs, at the start, the settings that no option has, because a misspelt one has no effect.</summary>
/// <remarks>Names are logged, values never: some are secrets.</remarks>
/// <param name="section">The section of the settings.</param>
/// <param name="logger">The log.</param>
internal sealed class UnknownSettings(IConfigurationSection section, ILogger<UnknownSettings> logger) : IHostedService
{
    // The sandbox and each project have their own options.
    private static readonly string[] Others = ["Sandbox:", "Projects:"];

    public Task StartAsync(CancellationToken cancellationToken)
    {
        var unknown = section.AsEnumerable(makePathsRelative: true)
            .Where(static setting => setting.Value is not null && !IsKnown(setting))
            .Select(static setting => setting.Key)
            .Order(StringComparer.Ordinal)
            .ToList();
        if (unknown.Count > 0)
        {
            logger.SettingsUnknown(section.Path, string.Join(", ", unknown));
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private static bool IsKnown(KeyValuePair<string, string?> setting) =>
        Array.Exists(Others, prefix => setting.Key.StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
        || IsBound(KeyValuePair.Create(RenamedSettings.NewNameOf(setting.Key), setting.Value));

    // Bound alone, because the binder names only the unknown settings of one class. Values were checked before.
    private static bool IsBound(KeyValuePair<string, string?> setting)
    {
        try
        {
            new ConfigurationBuilder().AddInMemoryCollection([setting]).Build()
                .Bind(new KameleoonOptions(), static binder => binder.ErrorOnUnknownConfiguration = true);
            return true;
        }
        catch (InvalidOperationException)
        {
            return false;
        }
    }
}
