namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Compares names character by character, without a culture.</summary>
internal static class Ordinal
{
    internal static bool Is(this string? text, string? other) => string.Equals(text, other, StringComparison.Ordinal);
}
