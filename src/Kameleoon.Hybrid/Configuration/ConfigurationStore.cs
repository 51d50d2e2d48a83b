using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Holds the data file in force. Safe for concurrent use: readers see one reference, which is replaced whole.</summary>
#pragma warning disable CA1001 // The source has no timer or link to release, and callers still hold its tokens.
internal sealed class ConfigurationStore(TimeProvider clock, Lazy<DemandedRefreshes> refreshes) : IKameleoonConfiguration
#pragma warning restore CA1001
{
    private ConfigurationSnapshot? _snapshot;
    private CancellationTokenSource _replaced = new();
    private Confirmation _confirmed = new(DateTimeOffset.MinValue, TimeSpan.Zero, 0);

    public event EventHandler<ConfigurationChangedEventArgs>? Changed;

    public DataFile? DataFile => Snapshot?.DataFile;

    public string? Version => Snapshot?.Version;

    public DataFileSource? Source => Snapshot?.Source;

    public TimeSpan? Age => Snapshot is null ? null : Volatile.Read(ref _confirmed).AgeBy(clock);

    /// <summary>When its source last said that the data file in force is the current one; never later than now.</summary>
    internal DateTimeOffset ConfirmedAt => Earlier(Volatile.Read(ref _confirmed).At, clock.GetUtcNow());

    /// <summary>The data file in force with its version and source, or null before the first one.</summary>
    internal ConfigurationSnapshot? Snapshot => Volatile.Read(ref _snapshot);

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _replaced).Token);

    public Task<bool> RefreshAsync(CancellationToken cancellationToken = default) =>
        refreshes.Value.StartAsync(cancellationToken);

    public Task<bool> RefreshIfStaleAsync(TimeSpan age, CancellationToken cancellationToken = default)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(age, TimeSpan.Zero);
        return Age is { } current && current <= age
            ? Task.FromResult(true)
            : refreshes.Value.JoinAsync(cancellationToken);
    }

    /// <summary>Puts a snapshot in force, or confirms the one in force.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="at">When its source was asked.</param>
    internal void Confirm(ConfigurationSnapshot snapshot, DateTimeOffset at)
    {
        var now = clock.GetUtcNow();
        Volatile.Write(ref _confirmed, new Confirmation(at, now - Earlier(at, now), clock.GetTimestamp()));
        Volatile.Write(ref _snapshot, snapshot);
    }

    /// <summary>Raises <see cref="Changed"/> and replaces the change token. Every handler is called, even when one throws.</summary>
    /// <exception cref="AggregateException">One or more handlers threw.</exception>
    internal void Announce(ConfigurationChangedEventArgs change)
    {
        List<Exception>? thrown = null;
        Attempt(static (store, _) => Interlocked.Exchange(ref store._replaced, new()).Cancel());
        foreach (var handler in Delegate.EnumerateInvocationList(Changed))
        {
            Attempt((store, args) => handler(store, args));
        }

        if (thrown is not null)
        {
            throw new AggregateException(thrown);
        }

        void Attempt(Action<ConfigurationStore, ConfigurationChangedEventArgs> raise)
        {
            try
            {
                raise(this, change);
            }
#pragma warning disable CA1031 // A handler is application code and may throw anything. The next handler must still run.
            catch (Exception e)
#pragma warning restore CA1031
            {
                (thrown ??= []).Add(e);
            }
        }
    }

    private static DateTimeOffset Earlier(DateTimeOffset one, DateTimeOffset other) => one < other ? one : other;

    /// <summary>When the data file was confirmed, how long ago that was when it became known, and when that was.</summary>
    private sealed record Confirmation(DateTimeOffset At, TimeSpan Age, long KnownAt)
    {
        // The wall clock may be set back, and timestamps may stand still with the machine.
        internal TimeSpan AgeBy(TimeProvider clock)
        {
            var byWall = clock.GetUtcNow() - At;
            var byTimestamps = Age + clock.GetElapsedTime(KnownAt);
            return byWall > byTimestamps ? byWall : byTimestamps;
        }
    }
}
