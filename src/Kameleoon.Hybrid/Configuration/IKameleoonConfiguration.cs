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
}
