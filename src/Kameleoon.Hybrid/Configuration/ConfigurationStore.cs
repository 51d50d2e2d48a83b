using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>Holds the data file in force: one reference, replaced whole.</summary>
#pragma warning disable CA1001 // The source has no timer or link to release, and its tokens are in others' hands.
internal sealed class ConfigurationStore(TimeProvider clock) : IKameleoonConfiguration
#pragma warning restore CA1001
{
    private ConfigurationSnapshot? _snapshot;
    private CancellationTokenSource _replaced = new();
    private long _confirmedAt;

    public event EventHandler<ConfigurationChangedEventArgs>? Changed;

    public DataFile? DataFile => Current;

    public string? Version => Snapshot?.Version;

    public DataFileSource? Source => Snapshot?.Source;

    public TimeSpan? Age => Snapshot is null
        ? null
        : TimeSpan.FromTicks(Math.Max(0, clock.GetUtcNow().UtcTicks - Volatile.Read(ref _confirmedAt)));

    /// <summary>The data file in force, or null before the first one.</summary>
    internal DataFile? Current => Snapshot?.DataFile;

    internal ConfigurationSnapshot? Snapshot => Volatile.Read(ref _snapshot);

    public IChangeToken GetChangeToken() => new CancellationChangeToken(Volatile.Read(ref _replaced).Token);

    /// <summary>Says that the snapshot was the current one at a time, with another content or not.</summary>
    internal void Confirm(ConfigurationSnapshot snapshot, DateTimeOffset at)
    {
        Volatile.Write(ref _confirmedAt, at.UtcTicks);
        Volatile.Write(ref _snapshot, snapshot);
    }

    /// <summary>Tells whoever wants to know that another data file is in force.</summary>
    /// <exception cref="AggregateException">Who was told threw.</exception>
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

        void Attempt(Action<ConfigurationStore, ConfigurationChangedEventArgs> tell)
        {
            try
            {
                tell(this, change);
            }
#pragma warning disable CA1031 // The application's code may throw anything, and the next handler has to be told.
            catch (Exception e)
#pragma warning restore CA1031
            {
                (thrown ??= []).Add(e);
            }
        }
    }
}
