using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid;

/// <summary>Whether this server is the one that fetches the data file. Safe for concurrent use.</summary>
internal sealed class FarmLease(FarmStore store, FarmPace pace, ILogger<FarmLease> logger)
{
    private int _role;

    /// <summary>The longest time between two attempts to take or prolong it.</summary>
    internal TimeSpan Interval => pace.Interval;

    /// <summary>What was known last.</summary>
    internal FarmRole Role => (FarmRole)Volatile.Read(ref _role);

    /// <summary>Takes or prolongs the lease.</summary>
    internal async Task<FarmRole> TryHoldAsync(CancellationToken cancellation)
    {
        if (store.Lease is null)
        {
            return FarmRole.Alone;
        }

        var reply = await store.TryHoldAsync(pace.Duration, cancellation);
        cancellation.ThrowIfCancellationRequested();
        return Enter(!reply.IsDone ? FarmRole.Alone : reply.Answer ? FarmRole.Holder : FarmRole.Follower);
    }

    /// <summary>Lets another server fetch, after a pause.</summary>
    internal async Task ReleaseAsync(TimeSpan pause, CancellationToken cancellation)
    {
        if (Role == FarmRole.Holder)
        {
            Enter(FarmRole.Follower);
            await store.ReleaseAsync(pause, cancellation);
        }
    }

    private FarmRole Enter(FarmRole role)
    {
        var before = (FarmRole)Interlocked.Exchange(ref _role, (int)role);
        if (role == FarmRole.Holder && before != FarmRole.Holder)
        {
            logger.FarmLeaseTaken(store.Key.SiteCode);
        }

        return role;
    }
}

/// <summary>What a server does for the others of its farm.</summary>
internal enum FarmRole
{
    /// <summary>It has not asked yet.</summary>
    Unknown,

    /// <summary>It fetches the data file for all.</summary>
    Holder,

    /// <summary>It reads what another server fetched.</summary>
    Follower,

    /// <summary>It fetches the data file for itself, because the store is unavailable or has no lease.</summary>
    Alone,
}
