using System.Text.Json;

namespace Kameleoon.Hybrid;

/// <summary>The values of one slot of custom data. They replace the slot's earlier values.</summary>
/// <remarks>The platform accepts at most 256 values of 2,048 characters each, and 100 characters for the slot that
/// identifies a person. Longer ones are used for targeting but not sent, and are counted as dropped. A slot that is
/// marked local on the platform is never sent. The value of the slot that identifies a person becomes another code of
/// the visitor: use a value that the application verified, never one from a request.</remarks>
public sealed record CustomData : IVisitorData
{
    private const int MaxValues = 256;
    private const int MaxLength = 2048;
    private const int MaxMappingLength = 100;

    private readonly ValueArray<string> _content;

    /// <summary>Creates the values of a slot by its index.</summary>
    /// <param name="index">The slot's index on the platform, from 0.</param>
    /// <param name="values">The values; a condition is true when one of them matches.</param>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    /// <exception cref="ArgumentNullException">A value is null.</exception>
    public CustomData(int index, params ReadOnlySpan<string> values)
        : this(values)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(index);
        Index = index;
    }

    /// <summary>Creates the values of a slot by its name. A name that the data file does not have is logged once and
    /// discarded.</summary>
    /// <param name="name">The slot's name on the platform, compared ordinally.</param>
    /// <param name="values">The values; a condition is true when one of them matches.</param>
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

        _content = new(values.ToArray());
    }

    private string[] Texts => _content.Items!;

    /// <summary>The slot's index, or null when the slot is given by name.</summary>
    public int? Index { get; private init; }

    /// <summary>The slot's name, or null when the slot is given by index.</summary>
    public string? Name { get; }

    /// <summary>The values, in the order given.</summary>
    public IReadOnlyList<string> Values => Texts;

    /// <summary>Whether the platform replaces the values of earlier visits instead of adding to them. Default
    /// true.</summary>
    public bool Overwrite { get; init; } = true;

    /// <summary>Whether the slot identifies a person across devices.</summary>
    internal bool IsMappingIdentifier { get; private init; }

    TrackingEventKind? IVisitorData.Kind => TrackingEventKind.CustomData;

    int IVisitorData.TextSize => Texts.Sum(static value => sizeof(char) * value.Length);

    bool IVisitorData.IsTooLong => Texts.Length > MaxValues
        || Array.Exists(Texts, value => value.Length > (IsMappingIdentifier ? MaxMappingLength : MaxLength));

    internal CustomData At(int index, bool isMappingIdentifier = false) =>
        this with { Index = index, IsMappingIdentifier = isMappingIdentifier };

    bool IVisitorData.Replaces(IVisitorData earlier) => earlier is CustomData slot && slot.Index == Index;

    VisitorSnapshot IVisitorData.AddTo(VisitorSnapshot known) =>
        Index is { } index ? known with { CustomData = known.CustomData.With(index, Texts) } : known;

    void IVisitorData.WriteTo(LineWriter line)
    {
        line.Text("eventType=customData&index="u8);
        line.Number(Index!.Value);
        line.Text("&valuesCountMap="u8);
        line.Json(Texts, static (json, values) =>
        {
            json.WriteStartObject();
            for (var i = 0; i < values.Length; i++)
            {
                // A strict JSON reader rejects an object with the same name twice.
                if (Array.IndexOf(values, values[i]) == i)
                {
                    json.WriteNumber(values[i], 1);
                }
            }

            json.WriteEndObject();
        });
        line.Text("&overwrite="u8);
        line.Boolean(Overwrite);
        if (IsMappingIdentifier)
        {
            line.Text("&mappingIdentifier=true"u8);
        }
    }

    /// <summary>Writes the values as the metadata of a conversion.</summary>
    internal void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartArray();
        foreach (var value in Texts)
        {
            json.WriteStringValue(value);
        }

        json.WriteEndArray();
    }
}
