namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Shortens texts without splitting a surrogate pair.</summary>
internal static class Cutting
{
    /// <summary>Returns at most <paramref name="max"/> UTF-16 units of a text.</summary>
    internal static string Cut(string text, int max) => text.Length <= max ? text : Cut(text.AsSpan(), max).ToString();

    /// <inheritdoc cref="Cut(string,int)"/>
    internal static ReadOnlySpan<char> Cut(ReadOnlySpan<char> text, int max) =>
        text.Length <= max ? text : text[..(max > 0 && char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
