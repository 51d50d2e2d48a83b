using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>A visitor code as the key of a collection that keeps no text of codes that are short.</summary>
/// <param name="Short">The code, if it is short.</param>
/// <param name="Long">The code, if it is not; else null.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VisitorKey(ShortCode Short, string? Long)
{
    public override int GetHashCode() => Long is null ? Short.GetHashCode() : string.GetHashCode(Long, StringComparison.Ordinal);

    internal static VisitorKey Of(string code) => ShortCode.TryRead(code, out var read) ? new(read, Long: null) : new(default, code);
}
