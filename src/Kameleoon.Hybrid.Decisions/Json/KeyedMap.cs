using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A small immutable map in the order of the data file, keys compared ordinally.</summary>
/// <remarks>
/// Up to eight keys are compared one by one, which is faster than hashing; larger maps have an index.
/// </remarks>
internal sealed class KeyedMap<T> : IReadOnlyDictionary<string, T>
{
    private readonly KeyValuePair<string, T>[] _entries;
    private readonly Dictionary<string, int>? _positions;

    internal KeyedMap(KeyValuePair<string, T>[] entries, Dictionary<string, int>? positions)
    {
        _entries = entries;
        _positions = positions;
    }

    internal static KeyedMap<T> Empty { get; } = new([], positions: null);

    public int Count => _entries.Length;

    public IEnumerable<string> Keys => _entries.Select(entry => entry.Key);

    public IEnumerable<T> Values => _entries.Select(entry => entry.Value);

    internal ReadOnlySpan<KeyValuePair<string, T>> Entries => _entries;

    public T this[string key] => TryGetValue(key, out var value)
        ? value
        : throw new KeyNotFoundException($"The data file has no {key} here.");

    public bool ContainsKey(string key) => Find(key) >= 0;

    public bool TryGetValue(string key, [MaybeNullWhen(false)] out T value)
    {
        var position = Find(key);
        value = position < 0 ? default : _entries[position].Value;
        return position >= 0;
    }

    public IEnumerator<KeyValuePair<string, T>> GetEnumerator() => _entries.AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private int Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return KeyedMap.Find(_entries, _positions, key);
    }
}

/// <summary>Builds maps, one after the other.</summary>
internal sealed class KeyedMapBuilder<T>
{
    private readonly List<KeyValuePair<string, T>> _entries = [];
    private Dictionary<string, int>? _positions;

    /// <summary>Adds a value, or replaces the value of the same key.</summary>
    internal void Set(string key, T value)
    {
        var position = Find(key);
        if (position < 0)
        {
            Append(key, value);
        }
        else
        {
            _entries[position] = KeyValuePair.Create(key, value);
        }
    }

    /// <summary>Adds a value unless the key exists.</summary>
    internal void TryAdd(string key, T value)
    {
        if (Find(key) < 0)
        {
            Append(key, value);
        }
    }

    /// <summary>Returns the map and starts an empty one.</summary>
    internal KeyedMap<T> Build()
    {
        if (_entries.Count == 0)
        {
            return KeyedMap<T>.Empty;
        }

        var map = new KeyedMap<T>([.. _entries], _positions);
        Clear();
        return map;
    }

    internal void Clear()
    {
        _entries.Clear();
        _positions = null;
    }

    private int Find(string key) => KeyedMap.Find(CollectionsMarshal.AsSpan(_entries), _positions, key);

    private void Append(string key, T value)
    {
        if (_entries.Count == KeyedMap.MaxUnindexed)
        {
            _positions = new Dictionary<string, int>(StringComparer.Ordinal);
            for (var i = 0; i < _entries.Count; i++)
            {
                _positions.Add(_entries[i].Key, i);
            }
        }

        _positions?.Add(key, _entries.Count);
        _entries.Add(KeyValuePair.Create(key, value));
    }
}

/// <summary>The search that map and builder share.</summary>
file static class KeyedMap
{
    internal const int MaxUnindexed = 8;

    internal static int Find<T>(
        ReadOnlySpan<KeyValuePair<string, T>> entries,
        Dictionary<string, int>? positions,
        string key)
    {
        if (positions is not null)
        {
            return positions.GetValueOrDefault(key, -1);
        }

        for (var i = 0; i < entries.Length; i++)
        {
            if (string.Equals(entries[i].Key, key, StringComparison.Ordinal))
            {
                return i;
            }
        }

        return -1;
    }
}
