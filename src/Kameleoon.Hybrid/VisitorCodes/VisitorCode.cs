using System.Buffers;

namespace Kameleoon.Hybrid;

/// <summary>Generates visitor codes, and validates them by their source: application, cookie or address.</summary>
internal static class VisitorCode
{
    internal const int MaxLength = 255;

    /// <summary>The maximum length of a code that the data API accepts.</summary>
    internal const int MaxReportedLength = 100;

    private const int GeneratedLength = 16;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> UnsafeInCookie = SearchValues.Create("\"'<>,;\\ ");

    private static readonly SearchValues<char> SafeInAddress =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>Generates a code of 16 lower-case letters and digits, with 83 random bits.</summary>
    internal static string Generate() => string.Create(GeneratedLength, SecureBytes.OfThread, static (code, bytes) =>
    {
        foreach (ref var letter in code)
        {
            letter = Alphabet[bytes.Below(Alphabet.Length)];
        }
    });

    /// <summary>Whether a code of the application is valid: 1 to 255 UTF-16 units, as in the official SDKs.</summary>
    internal static bool IsValid(ReadOnlySpan<char> code) => code.Length is > 0 and <= MaxLength;

    /// <summary>Whether a code from a cookie is valid: characters that the engine reads back unchanged and that are
    /// safe in a page.</summary>
    internal static bool IsValidInCookie(ReadOnlySpan<char> code) =>
        IsValid(code) && !code.ContainsAnyExceptInRange('!', '~') && !code.ContainsAny(UnsafeInCookie);

    /// <summary>Whether the data API accepts a code, so that it can be linked to a user.</summary>
    internal static bool IsReported(ReadOnlySpan<char> code) => code.Length <= MaxReportedLength;

    /// <summary>Whether a code from an address is valid. Anyone can write an address, so only unreserved characters are
    /// accepted, at most as many as the data API accepts.</summary>
    internal static bool IsValidInAddress(ReadOnlySpan<char> code) =>
        code.Length is > 0 and <= MaxReportedLength && !code.ContainsAnyExcept(SafeInAddress);
}
