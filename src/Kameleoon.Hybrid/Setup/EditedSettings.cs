using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Logs which settings were edited while the application runs, because they apply after a restart.</summary>
/// <remarks>Names are logged, values never: some are secrets.</remarks>
internal sealed class EditedSettings(
    IConfigurationSection section,
    IOptionsFactory<KameleoonOptions> factory,
    ILogger<EditedSettings> logger) : IHostedService, IDisposable
{
    private const string Projects = "Projects:"; // Each has its own options, and an instance of this class.

    private readonly Lock _lock = new();
    private readonly Dictionary<string, string?> _applied = Read(section); // Read where the options are, at the start.
    private Dictionary<string, string?> _seen = [];
    private IDisposable? _watch;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        _seen = _applied;
        _watch = ChangeToken.OnChange(section.GetReloadToken, Compare);
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        Dispose();
        return Task.CompletedTask;
    }

    public void Dispose() => _watch?.Dispose();

    // One edit may raise several reloads, and most reloads are about other settings.
    private void Compare()
    {
        lock (_lock)
        {
            var now = Read(section);
            if (Differences(_seen, now).Count == 0)
            {
                return;
            }

            _seen = now;
            var edited = Differences(_applied, now);
            if (edited.Count == 0)
            {
                logger.SettingsRestored(section.Path);
            }
            else
            {
                Report(string.Join(", ", edited));
            }
        }
    }

    private void Report(string edited)
    {
        try
        {
            factory.Create(Options.DefaultName);
            logger.SettingsEdited(section.Path, edited);
        }
        catch (Exception e) when (e is OptionsValidationException or InvalidOperationException)
        {
            // The second is a value that is not of its setting's type.
            var problems = e is OptionsValidationException invalid ? string.Join(" ", invalid.Failures) : e.Message;
            logger.SettingsEditedWrongly(section.Path, edited, problems);
        }
    }

    private static Dictionary<string, string?> Read(IConfigurationSection section) => section
        .AsEnumerable(makePathsRelative: true)
        .Where(static setting => setting.Value is not null
            && !setting.Key.StartsWith(Projects, StringComparison.OrdinalIgnoreCase))
        .ToDictionary(StringComparer.OrdinalIgnoreCase);

    private static List<string> Differences(Dictionary<string, string?> one, Dictionary<string, string?> other) =>
    [
        .. one.Keys.Union(other.Keys, StringComparer.OrdinalIgnoreCase)
            .Where(key => !string.Equals(one.GetValueOrDefault(key), other.GetValueOrDefault(key), StringComparison.Ordinal))
            .Order(StringComparer.Ordinal),
    ];
}
