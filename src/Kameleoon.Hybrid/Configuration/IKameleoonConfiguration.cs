using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Primitives;

namespace Kameleoon.Hybrid;

/// <summary>The data file in force: its content, version, source and age, and notifications of changes.</summary>
/// <remarks>A singleton, safe for concurrent use. Two properties that are read one after the other may belong to
/// different versions. The arguments of <see cref="Changed"/> always belong to one version.</remarks>
public interface IKameleoonConfiguration
{
    /// <summary>The data file in force, or null before the first.</summary>
    DataFile? DataFile { get; }

    /// <summary>The version in force: the first 16 hexadecimal digits of the content's SHA-256, the same on every
    /// server with this content. Null before the first.</summary>
    string? Version { get; }

    /// <summary>Where the data file in force came from; null before the first.</summary>
    DataFileSource? Source { get; }

    /// <summary>The time since the source last said that this is the current data file, unchanged or new; null before
    /// the first. A last good copy counts from when it was confirmed before the restart.</summary>
    TimeSpan? Age { get; }

    /// <summary>Raised after a data file took the place of another, the first one included.</summary>
    /// <remarks>Handlers run one after the other on a background thread, never in a request, and delay the next
    /// refresh. Exceptions are logged.</remarks>
    event EventHandler<ConfigurationChangedEventArgs>? Changed;

    /// <summary>Returns a token that is triggered when the data file in force is replaced, for caches of derived
    /// values. Get the token before you read the data file.</summary>
    IChangeToken GetChangeToken();

    /// <summary>Asks the source for the data file now, and puts it in force when it is new.</summary>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <returns>True when the source answered: what it has is in force. False when it did not; the data file in force stays,
    /// and the log says why.</returns>
    /// <remarks>For hosts that live shortly or stand still between calls. It works before the host has started, and puts the
    /// last good copy in force when the source does not answer. Concurrent callers share one request to the source, which
    /// begins after they called. A server that shares the data file with others asks the source, too, and tells the others. Do not
    /// wait for it in a handler of <see cref="Changed"/>.</remarks>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled, or the application
    /// ends.</exception>
    Task<bool> RefreshAsync(CancellationToken cancellationToken = default);

    /// <summary>Does what <see cref="RefreshAsync"/> does when <see cref="Age"/> is above <paramref name="age"/> or there is
    /// no data file yet.</summary>
    /// <param name="age">The age up to which the data file in force is used as it is.</param>
    /// <param name="cancellationToken">Ends the caller's wait.</param>
    /// <returns>True when the data file in force is at most that old, or the source answered; false otherwise.</returns>
    /// <remarks>Callers join a refresh that was asked for and still runs.</remarks>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="age"/> is negative.</exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled, or the application
    /// ends.</exception>
    Task<bool> RefreshIfStaleAsync(TimeSpan age, CancellationToken cancellationToken = default);
}

/// <summary>Where a data file came from.</summary>
public enum DataFileSource
{
    /// <summary>The configuration service, asked at the interval.</summary>
    Polling,

    /// <summary>The configuration service, asked because its event stream announced a change.</summary>
    Streaming,

    /// <summary>The file that <see cref="KameleoonConfigurationOptions.File"/> names.</summary>
    File,

    /// <summary>An <see cref="InMemoryDataFile"/> of the application.</summary>
    Memory,

    /// <summary>What was kept from before the restart; the configuration service has not answered since.</summary>
    LastGoodCopy,

    /// <summary>Another server of the farm, which asked the configuration service for all.</summary>
    Farm,
}
