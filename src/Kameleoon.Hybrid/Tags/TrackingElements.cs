using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>What the tracking tag renders: a script for the engine, and an image for browsers that run none.</summary>
/// <remarks>Written straight into the page, piece by piece: every page with a decision pays for it.</remarks>
internal sealed class TrackingElements(string? imposedCode, Exposure[] exposures, string commands, string? nonce) : IHtmlContent
{
    private const string WhenShown = "(function(report){if(d.prerendering)"
        + "d.addEventListener(\"prerenderingchange\",report,{once:true});else report()})(function(){";

    /// <summary>Whether the server reports the exposures once the page says that it is shown.</summary>
    internal required bool IsServers { get; init; }

    /// <summary>Whether nothing is reported before the page is shown.</summary>
    internal required bool GuardPrerender { get; init; }

    /// <summary>Where the page tells the server of its exposures, or null if the server reports them in any case.</summary>
    internal required string? SeenPath { get; init; }

    /// <summary>Whether the browser may be one that runs no scripts.</summary>
    /// <remarks>Not where a script fetches the HTML: its parser runs no scripts, and would load the image.</remarks>
    internal required bool HasImage { get; init; }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        Script.Open(writer, nonce, encoder);
        writer.Write(EngineTrackingCode.QueueInitialiser);
        if (imposedCode is not null)
        {
            EngineTrackingCode.Impose(writer, imposedCode);
        }

        PageWatch.Open(writer);
        writer.Write(GuardPrerender ? WhenShown : "");
        WriteReport(writer);
        writer.Write(commands);
        writer.Write(GuardPrerender ? "});" : "");
        PageWatch.Close(writer);
        Script.Close(writer);
        if (HasImage && SeenPath is not null && exposures.Length > 0)
        {
            WriteImage(writer, SeenPath, encoder);
        }
    }

    private void WriteReport(TextWriter writer)
    {
        if (!IsServers)
        {
            EngineTrackingCode.Write(writer, exposures);
        }

        if (SeenPath is null || exposures.Length == 0)
        {
            return;
        }

        if (IsServers)
        {
            // The image that a browser without scripts would load, loaded by a script when the page is shown.
            writer.Write("new Image().src=");
            PageWatch.WriteAddress(writer, SeenPath, exposures);
            writer.Write(';');
        }
        else
        {
            PageWatch.Write(writer, SeenPath, exposures);
        }
    }

    private void WriteImage(TextWriter writer, string path, HtmlEncoder encoder)
    {
        writer.Write("<noscript><img src=\"");
        encoder.Encode(writer, path);
        SeenEndpoint.WriteQuery(writer, exposures);
        writer.Write("\" alt=\"\" width=\"1\" height=\"1\"></noscript>");
    }
}
