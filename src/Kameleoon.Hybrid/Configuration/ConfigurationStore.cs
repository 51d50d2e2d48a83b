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
    private long _confirmedAt;

    public event EventHandler<ConfigurationChangedEventArgs>? Changed;

    public DataFile? DataFile => Snapshot?.DataFile;

    public string? Version => Snapshot?.Version;

    public DataFileSource? Source => Snapshot?.Source;

    public TimeSpan? Age => Snapshot is null
        ? null
        : TimeSpan.FromTicks(Math.Max(0, clock.GetUtcNow().UtcTicks - Volatile.Read(ref _confirmedAt)));

    /// <summary>When its source last said that the data file in force is the current one.</summary>
    internal DateTimeOffset ConfirmedAt => new(Volatile.Read(ref _confirmedAt), TimeSpan.Zero);

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
        Volatile.Write(ref _confirmedAt, at.UtcTicks);
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
}
