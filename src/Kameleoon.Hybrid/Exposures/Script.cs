using Microsoft.AspNetCore.Mvc.Rendering;

namespace Kameleoon.Hybrid;

/// <summary>The script elements our tags render.</summary>
internal static class Script
{
    /// <param name="code">JavaScript that is safe inside a script element as it stands.</param>
    /// <param name="nonce">The Content-Security-Policy nonce, or null.</param>
    internal static TagBuilder Inline(string code, string? nonce)
    {
        var script = With(nonce);
        script.InnerHtml.AppendHtml(code);
        return script;
    }

    internal static TagBuilder Engine(string source, string? nonce)
    {
        var script = With(nonce);
        script.Attributes["id"] = "kameleoonEngine";
        script.Attributes["async"] = "async";
        script.Attributes["src"] = source;
        return script;
    }

    private static TagBuilder With(string? nonce)
    {
        var script = new TagBuilder("script");
        if (!string.IsNullOrEmpty(nonce))
        {
            script.Attributes["nonce"] = nonce;
        }

        return script;
    }
}
