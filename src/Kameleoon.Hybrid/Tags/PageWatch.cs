using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid;

/// <summary>Writes the script around the tracking tag's commands. It runs them once for a page, and reports the
/// exposures to the server if the engine does not run.</summary>
/// <remarks>
/// Frameworks that replace a page's content run its scripts again when they restore it from a copy. The copy has the
/// attributes of the elements, so the script's own title says that it ran.
/// </remarks>
internal static class PageWatch
{
    /// <summary>The start of the query of a second message: the engine ran after the server had been told that it did
    /// not.</summary>
    internal const string Doubled = "&d=1";

    private const string Begin = "(function(d,n,a,s,t){if(s.title)return;s.title=\"ran\";";

    private const string End = "})(document,navigator,addEventListener,document.currentScript||{});";

    // The function's t is 1 when the server was told, and 2 when the engine has run the commands.
    private const string Watch = "function b(p){n.sendBeacon&&n.sendBeacon(p)||fetch(p,{method:\"POST\",keepalive:!0})}"
        + "function f(){t||d.prerendering||b(u,t=1)}"
        + "kameleoonQueue.push(function(){t&&b(u+\"" + Doubled + "\");t=2});"
        + "a(\"pagehide\",f);"
        + "a(\"visibilitychange\",function(){d.hidden&&f()});"
        + "a(\"error\",function(e){e.target.id==\"" + EngineElements.Id + "\"&&f()},!0);";

    internal static void Open(TextWriter writer) => writer.Write(Begin);

    internal static void Close(TextWriter writer) => writer.Write(End);

    /// <summary>Closes the script around the commands that were written before.</summary>
    internal static void Write(TextWriter writer, string path, ReadOnlySpan<ExposureEntry> entries, in SeenPage page)
    {
        writer.Write("var u=");
        WriteAddress(writer, path, entries, page);
        writer.Write(';');
        writer.Write(Watch);
    }

    /// <summary>Writes the same for further exposures of the page, which do not fit into the address of the first.</summary>
    internal static void WriteFurther(TextWriter writer, string path, ReadOnlySpan<ExposureEntry> entries, in SeenPage page)
    {
        writer.Write("(function(t){");
        Write(writer, path, entries, page);
        writer.Write("})();");
    }

    /// <summary>The address that tells the server of exposures, as a JavaScript text.</summary>
    internal static void WriteAddress(TextWriter writer, string path, ReadOnlySpan<ExposureEntry> entries, in SeenPage page)
    {
        writer.Write('"');
        JavaScriptEncoder.Default.Encode(writer, path);
        SeenEndpoint.WriteQuery(writer, entries, page);
        writer.Write('"');
    }
}
