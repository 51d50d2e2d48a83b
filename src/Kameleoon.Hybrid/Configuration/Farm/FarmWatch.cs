namespace Kameleoon.Hybrid;

/// <summary>Keeps the lease of the server that fetches for all, lets only that server listen to the platform's event stream, and
/// wakes the refresher when another server stored a data file.</summary>
internal sealed class FarmWatch(
    FarmDataFileSource source, FarmStore farm, FarmCopy copy, FarmLease lease, ConfigurationStore store, TimeProvider clock)
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LastCall = TimeSpan.FromSeconds(2);

    /// <summary>Runs until cancelled.</summary>
    internal async Task RunAsync(RefreshSignal signal, CancellationToken cancellation)
    {
        if (!source.IsShared || farm.Lease is not { } elected)
        {
            await source.ListenAsync(signal.Raise, cancellation);
            return;
        }

        try
        {
            await Task.WhenAll(HoldAsync(signal, cancellation), HearAsync(elected, signal, cancellation));
        }
        finally
        {
            using var last = new CancellationTokenSource(LastCall, TimeProvider.System);
            await lease.ReleaseAsync(TimeSpan.Zero, last.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task HoldAsync(RefreshSignal signal, CancellationToken cancellation)
    {
        CancellationTokenSource? ended = null;
        var listening = Task.CompletedTask;
        try
        {
            while (true)
            {
                var before = lease.Role;
                if (before == FarmRole.Holder && source.IsStuck)
                {
                    await lease.ReleaseAsync(TimeSpan.Zero, cancellation);
                }
                else if (await lease.TryHoldAsync(cancellation) == FarmRole.Follower)
                {
                    await CompareAsync(signal, cancellation);
                }

                if (lease.Role == FarmRole.Holder && ended is null)
                {
                    ended = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
                    listening = source.ListenAsync(signal.Raise, ended.Token);
                    if (before != FarmRole.Unknown)
                    {
                        signal.Wake(); // What the last holder did not hear of.
                    }
                }
                else if (lease.Role == FarmRole.Follower && ended is not null)
                {
                    await EndAsync();
                }

                await Task.Delay(Backoff.Shorten(lease.Interval, jitter: 0.2, Random.Shared), clock, cancellation);
            }
        }
        finally
        {
            await EndAsync();
        }

        async Task EndAsync()
        {
            if (ended is not null)
            {
                await ended.CancelAsync();
                await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ended.Dispose();
                ended = null;
            }
        }
    }

    // A notice may have been lost.
    private async Task CompareAsync(RefreshSignal signal, CancellationToken cancellation)
    {
        if (await copy.DiffersAsync(store.Snapshot, store.ConfirmedAt, cancellation))
        {
            signal.Wake();
        }
    }

    private async Task HearAsync(IDataFileLease elected, RefreshSignal signal, CancellationToken cancellation)
    {
        while (true)
        {
            try
            {
                await elected.ListenAsync(farm.Key, signal.Wake, cancellation);
            }
#pragma warning disable CA1031 // A store may throw anything. Its other calls report that it is unavailable.
            catch (Exception) when (!cancellation.IsCancellationRequested)
#pragma warning restore CA1031
            {
                // Copies are also compared every few seconds.
            }

            await Task.Delay(Retry, clock, cancellation);
        }
    }
}
