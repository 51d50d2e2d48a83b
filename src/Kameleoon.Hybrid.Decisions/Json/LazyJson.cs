using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A JSON value of a data file, parsed when somebody asks for it.</summary>
/// <remarks>
/// Most files carry far more JSON than their pages use. Parsing has no effect but its result, so two threads that ask
/// at once may both parse; all get the result published first.
/// </remarks>
internal sealed class LazyJson(byte[] source)
{
    private byte[]? _source = source;
    private object? _value;

    /// <summary>A <see cref="JsonElement"/>, or null for text that is not JSON.</summary>
    internal object? Value
    {
        get
        {
            if (Volatile.Read(ref _source) is { } source)
            {
                Interlocked.CompareExchange(ref _value, Parse(source), comparand: null);
                Volatile.Write(ref _source, null);
            }

            return _value;
        }
    }

    private static JsonElement? Parse(ReadOnlySpan<byte> source)
    {
        var value = JsonElement.Parse(source);
        if (value.ValueKind != JsonValueKind.String)
        {
            return value;
        }

        try
        {
            return JsonElement.Parse(JsonText.OrNull(value) ?? "");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
