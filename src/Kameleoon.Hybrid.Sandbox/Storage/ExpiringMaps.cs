namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The key-value maps in memory, each with its expiry, up to a limit.</summary>
internal sealed class ExpiringMaps
{
    private const string Prefix = "map/";
    private const int MaxMaps = 10_000;
    private const int MaxText = 4 * 1024 * 1024;

    private readonly Lock _gate = new();
    private readonly Dictionary<string, StoredMap> _maps = new(StringComparer.Ordinal);

    internal static string KeyOf(string name) => Prefix + name;

    internal static bool IsKey(string key) => key.StartsWith(Prefix, StringComparison.Ordinal);

    /// <summary>The object under a key, or null when there is none or it has expired.</summary>
    internal string? Find(string key, DateTimeOffset now)
    {
        lock (_gate)
        {
            return _maps.TryGetValue(key, out var map) && map.Expires > now ? map.Json : null;
        }
    }

    /// <summary>Sets a map; null removes it.</summary>
    internal void Set(string key, StoredMap? map)
    {
        lock (_gate)
        {
            _maps.Remove(key);
            if (map is not null)
            {
                _maps.Add(key, map);
            }
        }
    }

    /// <summary>Removes what has expired and, while there is too much, what would expire first; returns the keys.</summary>
    internal IReadOnlyList<string> Trim(DateTimeOffset now)
    {
        lock (_gate)
        {
            var text = _maps.Sum(map => map.Key.Length + (long)map.Value.Json.Length);
            var count = _maps.Count;
            List<string> gone = [];
            foreach (var (key, map) in _maps.OrderBy(map => map.Value.Expires))
            {
                if (map.Expires > now && text <= MaxText && count <= MaxMaps)
                {
                    break;
                }

                gone.Add(key);
                text -= key.Length + map.Json.Length;
                count--;
            }

            gone.ForEach(key => _maps.Remove(key));
            return gone;
        }
    }

    /// <summary>Removes all of them; returns the keys.</summary>
    internal IReadOnlyList<string> Clear()
    {
        lock (_gate)
        {
            string[] gone = [.. _maps.Keys];
            _maps.Clear();
            return gone;
        }
    }
}

/// <summary>One map, and until when it holds.</summary>
internal sealed record StoredMap(DateTimeOffset Expires, string Json);
