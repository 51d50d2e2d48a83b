using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Runs the refresher with the host. It starts before all other services, so that they find the data file.
/// </summary>
internal sealed class ConfigurationService(
    ConfigurationRefresher refresher,
    ConfigurationStore store,
    RefreshReport report,
    KameleoonMetrics metrics,
    IOptions<KameleoonOptions> options,
    TimeProvider clock,
    ILogger<ConfigurationService> logger) : IHostedLifecycleService, IDisposable
{
    // A short wait for a current data file is worthwhile, even when an older copy could be used at once.
    private static readonly TimeSpan PatienceBesideCopy = TimeSpan.FromSeconds(1);

#pragma warning disable CA2213 // It has no handle to release, and a host of tests may stop the service after its disposal.
    private readonly CancellationTokenSource _stopping = new();
#pragma warning restore CA2213
    private Task _running = Task.CompletedTask;

    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        metrics.ObserveConfiguration(options.Value.SiteCode, () => store.Age);
        _running = Task.Run(() => refresher.RunAsync(_stopping.Token), CancellationToken.None);
        var settings = options.Value;
        if (settings.Configuration.Start == StartMode.Background || settings.StartTimeout == TimeSpan.Zero)
        {
            return;
        }

        using var over = new CancellationTokenSource(settings.StartTimeout, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(over.Token, cancellationToken);
        var isRequired = settings.Configuration.Start == StartMode.Require;
        await WaitAsync(isRequired ? refresher.FirstDataFile : refresher.Restored, either.Token);
        using var moment = new CancellationTokenSource(PatienceBesideCopy, clock);
        using var all = CancellationTokenSource.CreateLinkedTokenSource(either.Token, moment.Token);
        await WaitAsync(refresher.FirstAttempt, store.Snapshot is null ? either.Token : all.Token);
        cancellationToken.ThrowIfCancellationRequested();
        if (store.Snapshot is not null)
        {
            return;
        }

        if (isRequired)
        {
            throw new InvalidOperationException(
                $"No data file of site {settings.SiteCode} could be had within Kameleoon:StartTimeout "
                + $"({settings.StartTimeout:c}). {report.Problem ?? "The platform did not answer."} "
                + "Kameleoon:Configuration:Start is Require; set it to Wait to start without one.");
        }

        if (!refresher.FirstAttempt.IsCompleted)
        {
            logger.StartedWithoutConfiguration(settings.SiteCode);
        }
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public async Task StoppedAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await WaitAsync(_running, cancellationToken);
    }

    // Not stopped where another service failed to start.
    public void Dispose() => _stopping.Cancel();

    private static async Task WaitAsync(Task task, CancellationToken cancellationToken) =>
        await task.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
}
