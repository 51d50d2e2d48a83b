using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>The texts of visitor codes that requests had lately, so that a visitor's next request needs no text of its own.
/// </summary>
/// <remarks>A fixed table, in which a code replaces another one with the same place. Safe for concurrent use without locks: an
/// entry is one reference, and each is compared before it is used.</remarks>
internal static class RecentCodes
{
    private const int Places = 4096;
    private const int LongestKept = 64;

    private static readonly string?[] Texts = new string?[Places];

    /// <summary>Returns a text with the characters of a code from a cookie, or null if it is not valid. What is kept was valid.
    /// </summary>
    internal static string? TextOf(ReadOnlySpan<char> code)
    {
        if (code.Length > LongestKept)
        {
            return VisitorCode.IsValidInCookie(code) ? code.ToString() : null;
        }

        ref var place = ref Texts[PlaceOf(code)];
        if (Volatile.Read(ref place) is { } known && code.SequenceEqual(known))
        {
            return known;
        }

        if (!VisitorCode.IsValidInCookie(code))
        {
            return null;
        }

        var text = code.ToString();
        Volatile.Write(ref place, text);
        return text;
    }

    // Nothing is gained by sending codes with equal places: they only get texts of their own.
    private static int PlaceOf(ReadOnlySpan<char> code)
    {
        var hash = (uint)code.Length;
        foreach (var pair in MemoryMarshal.Cast<char, uint>(code))
        {
            hash = (hash ^ pair) * 0x9E3779B1;
        }

        return (int)((hash ^ (hash >> 15)) % Places);
    }
}
