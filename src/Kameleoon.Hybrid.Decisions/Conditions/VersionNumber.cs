using System.Globalization;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Major, minor and patch of a version; further parts are ignored.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VersionNumber(int Major, int Minor, int Patch) : IFormattable
{
    /// <returns>The version, or null when one of its first three parts is no number.</returns>
    internal static VersionNumber? Parse(string? text)
    {
        Span<int> parts = stackalloc int[3];
        var count = 0;
        foreach (var range in text.AsSpan().Split('.'))
        {
            if (!int.TryParse(text.AsSpan()[range], NumberStyles.None, CultureInfo.InvariantCulture, out parts[count]))
            {
                return null;
            }

            if (++count == parts.Length)
            {
                break;
            }
        }

        return new VersionNumber(parts[0], parts[1], parts[2]);
    }

    /// <returns>Below 0 when the first version is older, 0 when both are equal, above 0 otherwise.</returns>
    internal static int Compare(VersionNumber first, VersionNumber second) =>
        (first.Major, first.Minor, first.Patch).CompareTo((second.Major, second.Minor, second.Patch));

    public override string ToString() => ToString(format: null, CultureInfo.InvariantCulture);

    public string ToString(string? format, IFormatProvider? formatProvider) =>
        string.Create(formatProvider, $"{Major}.{Minor}.{Patch}");
}
