using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>The path and the query of a page, as a hash: a text would stay in memory for each page.</summary>
/// <param name="Hash">The hash of the text, in this process only.</param>
/// <param name="Length">The length of the text.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PageAddress(int Hash, int Length)
{
    internal static PageAddress Of(ReadOnlySpan<char> address) => new(string.GetHashCode(address, StringComparison.Ordinal), address.Length);

    /// <summary>Whether a longer text ends with the address.</summary>
    internal bool IsEndOf(ReadOnlySpan<char> text) =>
        text.Length >= Length && string.GetHashCode(text[^Length..], StringComparison.Ordinal) == Hash;
}
