using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>An array that equals another array with equal elements, for use in records.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly struct ValueArray<T>(T[]? items) : IEquatable<ValueArray<T>>
{
    internal T[]? Items => items;

    public bool Equals(ValueArray<T> other) =>
        items is null == other.Items is null && items.AsSpan().SequenceEqual(other.Items, EqualityComparer<T>.Default);

    public override bool Equals(object? obj) => obj is ValueArray<T> other && Equals(other);

    public override int GetHashCode()
    {
        var hash = default(HashCode);
        foreach (var item in items ?? [])
        {
            hash.Add(item);
        }

        return hash.ToHashCode();
    }
}
