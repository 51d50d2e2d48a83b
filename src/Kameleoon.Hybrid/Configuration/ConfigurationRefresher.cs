using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the data file current; whatever goes wrong, the last good one stays in force.</summary>
internal sealed class ConfigurationRefresher(
    ConfigurationClient client,
    ConfigurationStore store,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    KameleoonMetrics metrics,
    ILogger<ConfigurationRefresher> logger) : BackgroundService
{
    private readonly TaskCompletionSource _firstAttempt = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private readonly VariableMismatches _mismatches = new(logger);

    private string? _problem;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await base.StartAsync(cancellationToken);
        if (options.Value.StartTimeout == TimeSpan.Zero)
        {
            return;
        }

        try
        {
            await _firstAttempt.Task.WaitAsync(options.Value.StartTimeout, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            logger.StartedWithoutConfiguration(options.Value.SiteCode);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.RefreshInterval, clock);
        try
        {
            do
            {
                await RefreshAsync(stoppingToken);
                _firstAttempt.TrySetResult();
            }
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // An exception here would be logged as ours where another part of the application failed to start.
        }
    }

    private async Task RefreshAsync(CancellationToken cancellationToken)
    {
        try
        {
            if (await client.FetchAsync(cancellationToken) is { } fetched)
            {
                Apply(DataFile.Parse(fetched.Json.Span, _mismatches.Report));
                client.Accept(fetched);
            }

            Recovered();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Whatever it is: an exception that got out of here would stop the application.
            Failed(e);
        }
    }

    private void Apply(DataFile dataFile)
    {
        store.Current = dataFile;
        metrics.ConfigurationRefreshed("applied");
        logger.ConfigurationApplied(options.Value.SiteCode, dataFile.Flags.Count, dataFile.DateModified);
        foreach (var warning in dataFile.Warnings)
        {
            logger.ConfigurationWarning(warning);
        }
    }

    private void Recovered()
    {
        if (_problem is not null)
        {
            _problem = null;
            logger.ConfigurationRecovered(options.Value.SiteCode);
        }
    }

    private void Failed(Exception e)
    {
        metrics.ConfigurationRefreshed("failed");

        // The same problem at every poll would bury the log; it is said once, and its end too.
        var problem = e is HttpRequestException { InnerException: { } cause } ? $"{e.Message} {cause.Message}" : e.Message;
        if (string.Equals(_problem, problem, StringComparison.Ordinal))
        {
            return;
        }

        _problem = problem;
        var inForce = store.Current is null ? "flags are off until there is one" : "the previous one stays in force";
        logger.ConfigurationRefused(options.Value.SiteCode, problem, inForce);
    }
}
