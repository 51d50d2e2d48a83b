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
    TimeProvider clock) : IDisposable
{
    private readonly RefreshSchedule _schedule =
        new(options.Value.RefreshInterval, options.Value.Configuration.RetryDelay, Random.Shared);

    private readonly TaskCompletionSource _restored = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _inForce = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private DemandedRefreshes? _demanded;

    /// <summary>Completes when the last good copy is in force, or there is none.</summary>
    internal Task Restored => _restored.Task;

    /// <summary>Completes when the first attempt has succeeded or failed.</summary>
    internal Task FirstAttempt => _attempted.Task;

    /// <summary>Completes when a data file is in force.</summary>
    internal Task FirstDataFile => _inForce.Task;

    /// <summary>Refreshes that the application asks for, one at a time with those of the interval.</summary>
    internal DemandedRefreshes Demanded => LazyInitializer.EnsureInitialized(ref _demanded, () => new(async token =>
    {
        await RestoreAsync(token); // The host may not run the refresher, or not yet.
        var (succeeded, _) = await RefreshAsync(new RefreshRequest(IsOnlyAttempt: _schedule.IsFailing), token);
        return succeeded;
    }));

    public void Dispose() => Demanded.Dispose();

    /// <summary>Runs until cancelled. Never throws.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var watching = Task.CompletedTask;
        try
        {
            await Demanded.AloneAsync(RestoreAsync, cancellationToken);
            watching = source.WatchAsync(signal, cancellationToken);
            var request = default(RefreshRequest);
            while (true)
            {
                var asked = request;
                var (_, pause) = await Demanded.AloneAsync(
                    token => RefreshAsync(asked with { IsOnlyAttempt = _schedule.IsFailing }, token), cancellationToken);
                _attempted.TrySetResult();
                request = await signal.NextAsync(pause, clock, cancellationToken);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await watching.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Puts the last good copy in force, unless that was tried before.</summary>
    /// <returns>Whether a data file is in force.</returns>
    private async Task<bool> RestoreAsync(CancellationToken cancellationToken)
    {
        if (!_restored.Task.IsCompleted && source.IsRemote && await keeper.ReadAsync(cancellationToken) is var (kept, confirmedAt))
        {
            Apply(kept, confirmedAt);
        }

        _restored.TrySetResult();
        return store.Snapshot is not null;
    }

    /// <returns>Whether it succeeded, and the time to the next refresh.</returns>
    private async Task<(bool Succeeded, TimeSpan Pause)> RefreshAsync(RefreshRequest request, CancellationToken cancellationToken)
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

            return (true, _schedule.AfterSuccess());
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // An exception that escaped would end refreshing for good.
            report.Failed(activity, e, store.Snapshot);
            return (false, _schedule.AfterFailure(
                isUrgent: store.Source is null or DataFileSource.LastGoodCopy,
                (e as DataFileRefusedException)?.RetryAfter));
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
