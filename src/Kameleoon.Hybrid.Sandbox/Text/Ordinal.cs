namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Compares the names of the wire: character by character, in no culture.</summary>
internal static class Ordinal
{
    internal static bool Is(this string? text, string? other) => string.Equals(text, other, StringComparison.Ordinal);
}
