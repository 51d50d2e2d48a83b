namespace Kameleoon.Hybrid;

/// <summary>The values of one slot of custom data; they replace what the slot held.</summary>
public sealed record CustomData : IVisitorData
{
    private readonly string[] _values;

    /// <summary>Fills a slot by its index.</summary>
    /// <param name="index">The slot's index on the platform, from 0.</param>
    /// <param name="values">The values; a condition holds when one of them fits.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    /// <exception cref="ArgumentNullException">A value is null.</exception>
    public CustomData(int index, params ReadOnlySpan<string> values)
        : this(values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        Index = index;
    }

    /// <summary>Fills a slot by its name. A name the data file does not have is logged once and not kept.</summary>
    /// <param name="name">The slot's name on the platform, compared ordinally.</param>
    /// <param name="values">The values; a condition holds when one of them fits.</param>
    /// <exception cref="ArgumentException">The name is empty.</exception>
    /// <exception cref="ArgumentNullException">The name or a value is null.</exception>
    public CustomData(string name, params ReadOnlySpan<string> values)
        : this(values)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
    }

    private CustomData(ReadOnlySpan<string> values)
    {
        foreach (var value in values)
        {
            ArgumentNullException.ThrowIfNull(value, nameof(values));
        }

        _values = values.ToArray();
    }

    /// <summary>The slot's index, or null when the slot is named.</summary>
    public int? Index { get; private init; }

    /// <summary>The slot's name, or null when the slot is numbered.</summary>
    public string? Name { get; }

    /// <summary>The values, in the order given.</summary>
    public IReadOnlyList<string> Values => _values;

    internal CustomData At(int index) => this with { Index = index };

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        Index is { } index ? known with { CustomData = known.CustomData.With(index, _values) } : known;
}
