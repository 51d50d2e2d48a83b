using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the data file of one project current. After a failure the last good one stays in force.</summary>
internal sealed class ConfigurationRefresher(
    IDataFileSource source,
    ConfigurationStore store,
    LastGoodCopyKeeper keeper,
    RefreshSignal signal,
    RefreshReport report,
    VariableMismatches mismatches,
    IOptions<KameleoonOptions> options,
    TimeProvider clock)
{
    private readonly RefreshSchedule _schedule =
        new(options.Value.RefreshInterval, options.Value.Configuration.RetryDelay, Random.Shared);

    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _inForce = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when the last good copy is in force, or there is none.</summary>
    internal Task Restored => _restored.Task;

    /// <summary>Completes when the first attempt has succeeded or failed.</summary>
    internal Task FirstAttempt => _attempted.Task;

    /// <summary>Completes when a data file is in force.</summary>
    internal Task FirstDataFile => _inForce.Task;

    /// <summary>Runs until cancelled. Never throws.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var watching = Task.CompletedTask;
        try
        {
            await RestoreAsync(cancellationToken);
            watching = source.WatchAsync(signal, cancellationToken);
            var request = default(RefreshRequest);
            while (true)
            {
                var pause = await RefreshAsync(request with { IsOnlyAttempt = _schedule.IsFailing }, cancellationToken);
                _attempted.TrySetResult();
                request = await signal.NextAsync(pause, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RestoreAsync(CancellationToken cancellationToken)
    {
        if (source.IsRemote && await keeper.ReadAsync(cancellationToken) is var (kept, confirmedAt))
        {
            Apply(kept, confirmedAt);
        }

        _restored.TrySetResult();
    }

    /// <returns>The time to the next refresh.</returns>
    private async Task<TimeSpan> RefreshAsync(RefreshRequest request, CancellationToken cancellationToken)
    {
        using var activity = report.Begin();
        var asked = clock.GetUtcNow();
        try
        {
            var fetched = await source.FetchAsync(request, store.Snapshot, cancellationToken);
            if (store.Snapshot is { } known && known.IsStill(fetched))
            {
                store.Confirm(known.ConfirmedBy(fetched), asked);
                report.Succeeded(activity, known, "unchanged");
            }
            else
            {
                Apply(ConfigurationSnapshot.Of(fetched, mismatches.Report), asked);
                report.Succeeded(activity, store.Snapshot!, "applied");
            }

            if (source.IsRemote)
            {
                await keeper.KeepAsync(store.Snapshot!, fetched.Json, asked, cancellationToken);
            }

            return _schedule.AfterSuccess();
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // An exception that escaped would end refreshing for good.
            report.Failed(activity, e, store.Snapshot);
            return _schedule.AfterFailure(
                isUrgent: store.Source is null or DataFileSource.LastGoodCopy,
                (e as DataFileRefusedException)?.RetryAfter);
        }
    }

    private void Apply(ConfigurationSnapshot snapshot, DateTimeOffset confirmedAt)
    {
        var before = store.Snapshot;
        store.Confirm(snapshot, confirmedAt);
        _inForce.TrySetResult();
        var change = new ConfigurationChangedEventArgs(
            snapshot, snapshot.Flags.Since(before?.Flags ?? FlagFingerprints.None));
        report.Changed(change, isFirst: before is null);
        try
        {
            store.Announce(change);
        }
        catch (AggregateException e)
        {
            report.ListenersFailed(e);
        }
    }
}
