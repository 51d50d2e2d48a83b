using System.Text;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Derives an id from a name. The id stays the same when lines are moved or added, so visitors keep their
/// variation.</summary>
internal static class StableId
{
    /// <summary>A number of seven digits, from the FNV-1a hash of the name.</summary>
    internal static long Of(string name)
    {
        var hash = 2166136261u;
        foreach (var octet in Encoding.UTF8.GetBytes(name))
        {
            hash = (hash ^ octet) * 16777619u;
        }

        return 1_000_000 + (hash % 9_000_000);
    }
}
