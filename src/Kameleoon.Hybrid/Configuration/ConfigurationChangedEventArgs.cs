using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The data file that came into force and how its flags differ from those before.</summary>
public sealed class ConfigurationChangedEventArgs : EventArgs
{
    internal ConfigurationChangedEventArgs(ConfigurationSnapshot snapshot, FlagChanges changes)
    {
        DataFile = snapshot.DataFile;
        Version = snapshot.Version;
        Source = snapshot.Source;
        (Added, Removed, Modified) = (changes.Added, changes.Removed, changes.Modified);
    }

    /// <summary>The data file in force from now on.</summary>
    public DataFile DataFile { get; }

    /// <summary>Its version, as in <see cref="IKameleoonConfiguration.Version"/>.</summary>
    public string Version { get; }

    /// <summary>Where it came from.</summary>
    public DataFileSource Source { get; }

    /// <summary>The keys of flags that are new; all of them with the first data file.</summary>
    public IReadOnlyList<string> Added { get; }

    /// <summary>The keys of flags that are gone.</summary>
    public IReadOnlyList<string> Removed { get; }

    /// <summary>The keys of flags that are written differently, or that use a segment which is.</summary>
    public IReadOnlyList<string> Modified { get; }
}
