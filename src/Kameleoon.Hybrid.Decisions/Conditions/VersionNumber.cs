using System.Globalization;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Major, minor and patch of a version, each the digits of a whole number without leading zeros; further parts are
/// ignored.</summary>
/// <remarks>A part may be of any length, such as a build time, so it is not converted to a number.</remarks>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VersionNumber(ReadOnlyMemory<char> Major, ReadOnlyMemory<char> Minor, ReadOnlyMemory<char> Patch)
    : IFormattable
{
    /// <returns>The version, or null when one of its first three parts is no number.</returns>
    internal static VersionNumber? Parse(string? text)
    {
        var start = 0;
        return text is not null
            && TryTake(text, ref start, out var major)
            && TryTake(text, ref start, out var minor)
            && TryTake(text, ref start, out var patch)
            ? new VersionNumber(major, minor, patch)
            : null;
    }

    /// <returns>Below 0 when the first version is older, 0 when both are equal, above 0 otherwise.</returns>
    internal static int Compare(VersionNumber first, VersionNumber second) =>
        Compare(first.Major.Span, second.Major.Span) is var major and not 0 ? major
        : Compare(first.Minor.Span, second.Minor.Span) is var minor and not 0 ? minor
        : Compare(first.Patch.Span, second.Patch.Span);

    public override string ToString() => ToString(format: null, CultureInfo.InvariantCulture);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.Create(formatProvider, $"{Major}.{Minor}.{Patch}");

    private static int Compare(ReadOnlySpan<char> first, ReadOnlySpan<char> second) =>
        first.Length != second.Length ? first.Length.CompareTo(second.Length) : first.CompareTo(second, StringComparison.Ordinal);

    /// <summary>Takes the part from a place to the next point, and moves behind that. Behind the end, each part is 0.</summary>
    private static bool TryTake(string text, ref int start, out ReadOnlyMemory<char> part)
    {
        part = "0".AsMemory();
        if (start > text.Length)
        {
            return true;
        }

        var (digit, end) = (start, text.IndexOf('.', start));
        end = end < 0 ? text.Length : end;
        start = end + 1;
        while (digit < end - 1 && text[digit] == '0')
        {
            digit++;
        }

        part = text.AsMemory(digit, end - digit);
        return AreDigits(part.Span);
    }

    private static bool AreDigits(ReadOnlySpan<char> part)
    {
        foreach (var character in part)
        {
            if (!char.IsAsciiDigit(character))
            {
                return false;
            }
        }

        return part.Length > 0;
    }
}
