using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Polly.CircuitBreaker;

namespace Kameleoon.Hybrid;

/// <summary>Reports refreshes: every result to the metrics, and each change of state to the log.</summary>
internal sealed class RefreshReport(
    IOptions<KameleoonOptions> options,
    KameleoonMetrics metrics,
    KameleoonActivities activities,
    ListenerFeed listeners,
    ILogger<ConfigurationRefresher> logger)
{
    private const int MaxNamedFlags = 20;

    private readonly string _siteCode = options.Value.SiteCode;

    private string? _problem;

    /// <summary>Why the last refresh failed, or null after a success. Safe to read from any thread.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    internal Activity? Begin() => activities.Refresh(_siteCode);

    internal void Restored(TimeSpan age) => logger.LastGoodCopyRead(_siteCode, age);

    internal void Changed(ConfigurationChangedEventArgs change, bool isFirst)
    {
        logger.ConfigurationApplied(
            _siteCode,
            change.DataFile.Flags.Count,
            change.DataFile.DateModified?.ToString("u", CultureInfo.InvariantCulture) ?? "at an unknown time");
        foreach (var warning in change.DataFile.Warnings)
        {
            logger.ConfigurationWarning(warning);
        }

        if (!isFirst)
        {
            logger.FlagsChanged(_siteCode, Name(change.Added), Name(change.Removed), Name(change.Modified));
        }

        if (listeners.IsOn)
        {
            listeners.Publish(new ConfigurationEvent
            {
                Time = listeners.Now,
                SiteCode = _siteCode,
                DataFile = change.DataFile,
                Version = change.Version,
                Added = change.Added,
                Removed = change.Removed,
                Modified = change.Modified,
            });
        }
    }

    internal void Succeeded(Activity? activity, ConfigurationSnapshot snapshot, string outcome)
    {
        metrics.ConfigurationRefreshed(_siteCode, outcome);
        KameleoonActivities.Refreshed(activity, snapshot.Version, outcome);
        if (_problem is not null)
        {
            Volatile.Write(ref _problem, null);
            logger.ConfigurationRecovered(_siteCode);
        }
    }

    internal void Failed(Activity? activity, Exception e, ConfigurationSnapshot? inForce)
    {
        var errorType = ErrorType.Of(e);
        var problem = ErrorText.Of(e);
        metrics.ConfigurationRefreshed(_siteCode, "failed", errorType);
        KameleoonActivities.Failed(activity, errorType, problem);

        // The same problem is logged once, not at every poll, and so is its end. An open circuit breaker is a
        // consequence of a problem that was logged.
        if (e is not BrokenCircuitException && !string.Equals(_problem, problem, StringComparison.Ordinal))
        {
            Volatile.Write(ref _problem, problem);
            var consequence = inForce is null ? "flags are off until there is one" : "the previous one stays in force";
            logger.ConfigurationRefused(_siteCode, problem, consequence);
        }
    }

    internal void ListenersFailed(AggregateException e) => logger.ListenersFailed(e, _siteCode);

    private static string Name(IReadOnlyList<string> flags) => flags.Count switch
    {
        0 => "none",
        <= MaxNamedFlags => string.Join(", ", flags),
        _ => $"{string.Join(", ", flags.Take(MaxNamedFlags))} and {flags.Count - MaxNamedFlags} more",
    };
}
