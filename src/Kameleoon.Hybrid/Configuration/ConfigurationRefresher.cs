using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the data file of one project current. After a failure the last good one stays in force.</summary>
internal sealed class ConfigurationRefresher(
    FarmDataFileSource source,
    FarmWatch watch,
    ConfigurationStore store,
    LastGoodCopyKeeper keeper,
    RefreshSignal signal,
    RefreshReport report,
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
        var (succeeded, _) = await RefreshAsync(new() { IsDemanded = true }, token);
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
            watching = watch.RunAsync(signal, cancellationToken);
            var request = new DataFileRequest();
            while (true)
            {
                var asked = request;
                var (succeeded, pause) = await Demanded.AloneAsync(
                    token => RefreshAsync(asked, token), cancellationToken);
                _attempted.TrySetResult();
                if (!succeeded)
                {
                    signal.Add(asked);
                }

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
        if (!_restored.Task.IsCompleted && source.IsRemote)
        {
            var shared = source.RestoreAsync(cancellationToken);
            var kept = await keeper.ReadAsync(cancellationToken);
            await RestoreAsync(shared, kept);
        }

        _restored.TrySetResult();
        return store.Snapshot is not null;
    }

    private async Task RestoreAsync(
        Task<FarmReading?> shared, (ConfigurationSnapshot Snapshot, DateTimeOffset ConfirmedAt)? kept)
    {
        if (await shared is { } copy && !(kept?.ConfirmedAt >= copy.ConfirmedAt))
        {
            report.Restored(clock.GetUtcNow() - copy.ConfirmedAt);
            Apply(copy.Snapshot! with { Source = DataFileSource.LastGoodCopy }, copy.ConfirmedAt);
        }
        else if (kept is var (snapshot, confirmedAt))
        {
            Apply(snapshot, confirmedAt);
        }
    }

    /// <returns>Whether it succeeded, and the time to the next refresh.</returns>
    private async Task<(bool Succeeded, TimeSpan Pause)> RefreshAsync(DataFileRequest request, CancellationToken cancellationToken)
    {
        using var activity = report.Begin();
        var asked = clock.GetUtcNow();
        try
        {
            var fetched = await source.FetchAsync(
                request with
                {
                    IsOnlyAttempt = _schedule.IsFailing,
                    Version = store.Version,
                    LastModified = keeper.NeedsDocument ? null : store.Snapshot?.LastModified,
                },
                cancellationToken);
            var confirmedAt = fetched.ConfirmedAt ?? asked;
            if (store.Snapshot is { } known && known.IsStill(fetched))
            {
                store.Confirm(known.ConfirmedBy(fetched), confirmedAt > store.ConfirmedAt ? confirmedAt : store.ConfirmedAt);
                report.Succeeded(activity, known, "unchanged");
            }
            else
            {
                Apply(fetched.Parsed ?? source.Parse(fetched), confirmedAt);
                report.Succeeded(activity, store.Snapshot!, "applied");
            }

            await KeepAsync(fetched, confirmedAt, cancellationToken);
            return (true, _schedule.AfterSuccess());
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // An exception that escaped would end refreshing for good.
            report.Failed(activity, e, store.Snapshot);
            if (store.Snapshot is null)
            {
                // The copy that servers share may not have been there at the start.
                await RestoreAsync(source.RestoreAsync(cancellationToken), kept: null);
            }

            return (false, _schedule.AfterFailure(
                isUrgent: store.Source is null or DataFileSource.LastGoodCopy,
                (e as DataFileRefusedException)?.RetryAfter));
        }
    }

    private async Task KeepAsync(FetchedDataFile fetched, DateTimeOffset confirmedAt, CancellationToken cancellationToken)
    {
        var snapshot = store.Snapshot!;
        if (source.IsRemote)
        {
            await keeper.KeepAsync(snapshot, fetched.Json, confirmedAt, cancellationToken);
        }

        if (await source.ShareAsync(fetched, snapshot, confirmedAt, cancellationToken))
        {
            signal.Wake();
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
