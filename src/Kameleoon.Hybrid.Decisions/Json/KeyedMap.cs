using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A small immutable map in the order of the data file, keys compared ordinally.</summary>
/// <remarks>
/// Up to eight keys are compared one by one, which is faster than hashing; larger maps have an index.
/// </remarks>
internal sealed class KeyedMap<T> : IReadOnlyDictionary<string, T>
{
    private const int MaxUnindexed = 8;

    private readonly KeyValuePair<string, T>[] _entries;
    private readonly Dictionary<string, int>? _positions;

    private KeyedMap(KeyValuePair<string, T>[] entries, Dictionary<string, int>? positions)
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

    /// <summary>Creates a map of values in their order.</summary>
    /// <param name="values">The values.</param>
    /// <param name="keyOf">Returns the key of a value.</param>
    /// <param name="laterCounts">Whether of two values of one key the later counts, in the place of the earlier.</param>
    internal static KeyedMap<T> Create(ReadOnlySpan<T> values, Func<T, string> keyOf, bool laterCounts)
    {
        if (values.IsEmpty)
        {
            return Empty;
        }

        var entries = new KeyValuePair<string, T>[values.Length];
        var positions = values.Length > MaxUnindexed
            ? new Dictionary<string, int>(values.Length, StringComparer.Ordinal)
            : null;
        var count = 0;
        foreach (var value in values)
        {
            var key = keyOf(value);
            var position = Add(entries.AsSpan(0, count), positions, key);
            if (position == count || laterCounts)
            {
                entries[position] = KeyValuePair.Create(key, value);
            }

            count = Math.Max(count, position + 1);
        }

        Array.Resize(ref entries, count);
        return new KeyedMap<T>(entries, positions);
    }

    private int Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        return _positions is null ? Find(_entries, key) : _positions.GetValueOrDefault(key, -1);
    }

    /// <summary>Returns the position of a key, which is the next one for a new key.</summary>
    private static int Add(ReadOnlySpan<KeyValuePair<string, T>> entries, Dictionary<string, int>? positions, string key)
    {
        if (positions is not null)
        {
            return positions.TryAdd(key, entries.Length) ? entries.Length : positions[key];
        }

        var known = Find(entries, key);
        return known < 0 ? entries.Length : known;
    }

    private static int Find(ReadOnlySpan<KeyValuePair<string, T>> entries, string key)
    {
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
