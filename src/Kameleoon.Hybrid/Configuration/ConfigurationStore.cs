using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Holds the data file in force: one reference, replaced whole.</summary>
internal sealed class ConfigurationStore
{
    private DataFile? _current;

    /// <summary>The data file in force, or null before the first one.</summary>
    internal DataFile? Current
    {
        get => Volatile.Read(ref _current);
        set => Volatile.Write(ref _current, value);
    }
}
