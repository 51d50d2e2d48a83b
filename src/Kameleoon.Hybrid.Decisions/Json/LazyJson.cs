using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A JSON value of a data file, parsed on first use.</summary>
/// <remarks>
/// Most data files contain far more JSON than their pages use. Two threads may parse at once; all use the result that
/// is published first.
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
            return JsonElement.Parse(JsonText.GetTextOrNull(value) ?? "");
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
