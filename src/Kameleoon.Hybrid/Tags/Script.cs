using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid;

/// <summary>The elements our tags render. Written as text: they are few, and on every page.</summary>
internal static class Script
{
    /// <param name="code">JavaScript that is safe inside a script element as it stands.</param>
    /// <param name="nonce">The Content-Security-Policy nonce, or null.</param>
    internal static string Inline(string code, string? nonce) => $"<script{Nonce(nonce)}>{code}</script>";

    internal static string Engine(string source, string? nonce) =>
        $"<script id=\"kameleoonEngine\" async{Nonce(nonce)} src=\"{HtmlEncoder.Default.Encode(source)}\"></script>";

    /// <summary>An image that only browsers without JavaScript load.</summary>
    internal static string NoScriptImage(string source) =>
        $"<noscript><img src=\"{HtmlEncoder.Default.Encode(source)}\" alt=\"\" width=\"1\" height=\"1\"></noscript>";

    private static string Nonce(string? nonce) =>
        string.IsNullOrEmpty(nonce) ? "" : $" nonce=\"{HtmlEncoder.Default.Encode(nonce)}\"";
}
