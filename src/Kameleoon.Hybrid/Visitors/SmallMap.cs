namespace Kameleoon.Hybrid;

/// <summary>A map of a few entries, searched linearly. Immutable: each change creates another map.</summary>
/// <remarks>A visitor has few entries; a dictionary would be several times as large.</remarks>
internal readonly struct SmallMap<TKey, TValue>
    where TKey : struct, IEquatable<TKey>
{
    private readonly KeyValuePair<TKey, TValue>[]? _entries;

    private SmallMap(KeyValuePair<TKey, TValue>[] entries) => _entries = entries;

    internal ReadOnlySpan<KeyValuePair<TKey, TValue>> Entries => _entries;

    internal bool IsEmpty => Entries.IsEmpty;

    /// <summary>Whether it is the same instance. Different instances may have the same entries.</summary>
    internal bool IsSameAs(SmallMap<TKey, TValue> other) => ReferenceEquals(_entries, other._entries);

    internal TValue? Find(TKey key) => IndexOf(key) is var index and >= 0 ? _entries![index].Value : default;

    internal SmallMap<TKey, TValue> With(TKey key, TValue value)
    {
        var entry = KeyValuePair.Create(key, value);
        var index = IndexOf(key);
        if (index < 0)
        {
            return new([.. Entries, entry]);
        }

        var entries = Entries.ToArray();
        entries[index] = entry;
        return new(entries);
    }

    internal SmallMap<TKey, TValue> Without(TKey key) =>
        IndexOf(key) is var index and >= 0 ? new([.. Entries[..index], .. Entries[(index + 1)..]]) : this;

    private int IndexOf(TKey key)
    {
        for (var i = 0; i < Entries.Length; i++)
        {
            if (Entries[i].Key.Equals(key))
            {
                return i;
            }
        }

        return -1;
    }
}
