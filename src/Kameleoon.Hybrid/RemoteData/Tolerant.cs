using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Kameleoon.Hybrid;

/// <summary>Reads a value, or null where the JSON does not fit its type.</summary>
internal sealed class Tolerant<T> : JsonConverter<T>
    where T : class
{
    public override T? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Read(ref reader, options);

    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) => throw new NotSupportedException();

    /// <summary>Reads a value and leaves the reader at its end, also where the value does not fit.</summary>
    internal static T? Read(ref Utf8JsonReader reader, JsonSerializerOptions options)
    {
        var attempt = reader;
        try
        {
            var value = JsonSerializer.Deserialize(ref attempt, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
            reader = attempt;
            return value;
        }
        catch (JsonException)
        {
            reader.Skip();
            return null;
        }
    }
}

/// <summary>Reads a list, with null in the place of each item that does not fit; null where the JSON is no list.</summary>
internal sealed class TolerantList<T> : JsonConverter<IReadOnlyList<T?>>
    where T : class
{
    public override IReadOnlyList<T?>? Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        List<T?> items = [];
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            items.Add(Tolerant<T>.Read(ref reader, options));
        }

        return items;
    }

    public override void Write(Utf8JsonWriter writer, IReadOnlyList<T?> value, JsonSerializerOptions options) =>
        throw new NotSupportedException();
}
