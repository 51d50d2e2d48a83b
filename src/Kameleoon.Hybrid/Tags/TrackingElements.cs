using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>What the tracking tag renders: a script for the engine, and an image for browsers that run none.</summary>
/// <remarks>Written straight into the page, piece by piece: every page with a decision pays for it.</remarks>
internal sealed class TrackingElements(
    string? imposedCode,
    Exposure[] exposures,
    bool isServers,
    string commands,
    string? nonce,
    bool guardPrerender,
    string? seenPath) : IHtmlContent
{
    private const string WhenShown = "(function(report){if(document.prerendering)"
        + "document.addEventListener(\"prerenderingchange\",report,{once:true});else report()})(function(){";

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        Script.Open(writer, nonce, encoder);
        writer.Write(EngineTrackingCode.QueueInitialiser);
        if (imposedCode is not null)
        {
            EngineTrackingCode.Impose(writer, imposedCode);
        }

        writer.Write(guardPrerender ? WhenShown : "");
        if (!isServers)
        {
            EngineTrackingCode.Write(writer, exposures);
        }
        else if (seenPath is not null && exposures.Length > 0)
        {
            WriteBeacon(writer, seenPath);
        }

        writer.Write(commands);
        writer.Write(guardPrerender ? "});" : "");
        Script.Close(writer);
        if (seenPath is not null && exposures.Length > 0)
        {
            WriteImage(writer, seenPath, encoder);
        }
    }

    // The image that a browser without scripts would load, loaded by a script when the page is shown.
    private void WriteBeacon(TextWriter writer, string path)
    {
        writer.Write("new Image().src=\"");
        JavaScriptEncoder.Default.Encode(writer, path);
        SeenEndpoint.WriteQuery(writer, exposures);
        writer.Write("\";");
    }

    private void WriteImage(TextWriter writer, string path, HtmlEncoder encoder)
    {
        writer.Write("<noscript><img src=\"");
        encoder.Encode(writer, path);
        SeenEndpoint.WriteQuery(writer, exposures);
        writer.Write("\" alt=\"\" width=\"1\" height=\"1\"></noscript>");
    }
}
