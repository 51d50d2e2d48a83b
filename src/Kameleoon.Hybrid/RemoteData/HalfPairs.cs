using System.Numerics;

namespace Kameleoon.Hybrid;

/// <summary>Replaces halves of surrogate pairs in JSON, which JSON allows and .NET refuses to read as text.</summary>
internal static class HalfPairs
{
    private const int EscapeLength = 6;
    private const int HighStart = 0xD800;
    private const int LowStart = 0xDC00;
    private const int LowEnd = 0xDFFF;

    /// <summary>Replaces each escaped half, such as <c>\ud800</c>, by <c>\ufffd</c> in place.</summary>
    /// <param name="json">JSON as UTF-8 or UTF-16.</param>
    internal static void Replace<T>(Span<T> json)
        where T : unmanaged, IBinaryInteger<T>
    {
        var backslash = T.CreateTruncating('\\');
        for (var at = json.IndexOf(backslash); at >= 0;)
        {
            var unit = UnitAt(json, at);
            var length = unit < 0 ? 2 : EscapeLength;
            if (unit is >= HighStart and < LowStart && UnitAt(json, at + EscapeLength) is >= LowStart and <= LowEnd)
            {
                length = 2 * EscapeLength;
            }
            else if (unit is >= HighStart and <= LowEnd)
            {
                for (var i = 0; i < EscapeLength; i++)
                {
                    json[at + i] = T.CreateTruncating("\\ufffd"[i]);
                }
            }

            var rest = Math.Min(at + length, json.Length);
            var next = json[rest..].IndexOf(backslash);
            at = next < 0 ? -1 : rest + next;
        }
    }

    /// <summary>Returns JSON without escaped halves.</summary>
    internal static string Replace(string json)
    {
        if (!json.Contains("\\u", StringComparison.Ordinal))
        {
            return json;
        }

        var units = json.ToCharArray();
        Replace(System.Runtime.InteropServices.MemoryMarshal.Cast<char, ushort>(units.AsSpan()));
        return new string(units);
    }

    // The UTF-16 unit of the escape \uXXXX at a position; negative where there is none.
    private static int UnitAt<T>(Span<T> json, int at)
        where T : unmanaged, IBinaryInteger<T>
    {
        if (at + EscapeLength > json.Length || json[at] != T.CreateTruncating('\\') || json[at + 1] != T.CreateTruncating('u'))
        {
            return -1;
        }

        var unit = 0;
        for (var i = 2; i < EscapeLength; i++)
        {
            var digit = (char)int.CreateTruncating(json[at + i]);
            if (!char.IsAsciiHexDigit(digit))
            {
                return -1;
            }

            unit = (unit << 4) | (char.IsAsciiDigit(digit) ? digit - '0' : (digit | 0x20) - 'a' + 10);
        }

        return unit;
    }
}
