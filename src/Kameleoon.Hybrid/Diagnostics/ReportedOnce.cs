using System.Collections.Concurrent;

namespace Kameleoon.Hybrid;

/// <summary>Remembers which names were reported, so that each is logged once.</summary>
internal sealed class ReportedOnce
{
    // Names come from the application's code, but one built from a request must not grow this for ever.
    private const int MaxNames = 1000;

    private readonly ConcurrentDictionary<string, byte> _names = new(StringComparer.Ordinal);

    internal bool IsFirst(string name) =>
        !_names.ContainsKey(name) && _names.Count < MaxNames && _names.TryAdd(name, 0);
}
