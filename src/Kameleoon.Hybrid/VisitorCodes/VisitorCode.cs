using System.Buffers;

namespace Kameleoon.Hybrid;

/// <summary>What makes a text a visitor code, at each of the doors through which one comes in.</summary>
internal static class VisitorCode
{
    internal const int MaxLength = 255;

    /// <summary>What the data API takes.</summary>
    internal const int MaxReportedLength = 100;

    private const int GeneratedLength = 16;
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz0123456789";

    private static readonly SearchValues<char> UnsafeInCookie = SearchValues.Create("\"'<>,;\\ ");

    private static readonly SearchValues<char> SafeInAddress =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~");

    /// <summary>A new code: 16 letters and digits, 83 random bits.</summary>
    internal static string Generate() => string.Create(GeneratedLength, SecureBytes.OfThread, static (code, bytes) =>
    {
        foreach (ref var letter in code)
        {
            letter = Alphabet[bytes.Below(Alphabet.Length)];
        }
    });

    /// <summary>From code of the application: anything of 1 to 255 UTF-16 units, as the official SDKs accept.</summary>
    internal static bool IsValid(ReadOnlySpan<char> code) => code.Length is > 0 and <= MaxLength;

    /// <summary>From a cookie: only what the browser engine reads back unchanged and no page can be broken by.</summary>
    internal static bool IsValidInCookie(ReadOnlySpan<char> code) =>
        IsValid(code) && !code.ContainsAnyExceptInRange('!', '~') && !code.ContainsAny(UnsafeInCookie);

    /// <summary>Whether the data API takes a code, so that it may become a person's.</summary>
    internal static bool IsReported(ReadOnlySpan<char> code) => code.Length <= MaxReportedLength;

    /// <summary>From an address, which anybody can write: unreserved characters, and no more than the data API
    /// takes.</summary>
    internal static bool IsValidInAddress(ReadOnlySpan<char> code) =>
        code.Length is > 0 and <= MaxReportedLength && !code.ContainsAnyExcept(SafeInAddress);
}
