using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>The elements of the tracking tag: a script for the engine, and an image for browsers without
/// JavaScript.</summary>
/// <remarks>Written directly to the page without intermediate texts, because every page with a decision renders
/// it.</remarks>
internal sealed class TrackingElements(string? imposedCode, ExposureEntry[] entries, string commands, string? nonce) : IHtmlContent
{
    private const string WhenShown = "(function(report){if(d.prerendering)"
        + "d.addEventListener(\"prerenderingchange\",report,{once:true});else report()})(function(){";

    /// <summary>Whether the tag passes the exposures to the engine.</summary>
    internal required bool HasCommands { get; init; }

    /// <summary>Whether the server reports the exposures once the page reports that it is shown.</summary>
    internal required bool IsToldWhenShown { get; init; }

    /// <summary>Whether nothing is reported before the page is shown.</summary>
    internal required bool GuardPrerender { get; init; }

    /// <summary>The address at which the page reports its exposures to the server, or null if the server reports them
    /// in any case.</summary>
    internal required string? SeenPath { get; init; }

    /// <summary>How often exposures of the visitor were taken back from pages. See <see
    /// cref="HandedExposures.GenerationOf"/>.</summary>
    internal required ushort Generation { get; init; }

    /// <summary>Whether the page has a number of its own, by which the server knows a second report of it.</summary>
    internal required bool IsNumbered { get; init; }

    /// <summary>Whether the browser may run without JavaScript.</summary>
    /// <remarks>False when a script fetches the HTML: a script's parser runs no scripts, and would load the
    /// image.</remarks>
    internal required bool HasImage { get; init; }

    /// <summary>Whether the response had started when the tag rendered, so that nothing tells whether a text with the tag
    /// was sent.</summary>
    internal required bool IsLate { get; init; }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        Write(writer, encoder);
        foreach (var entry in entries)
        {
            entry.NoteWritten(isCertain: !IsLate || writer is not StringWriter);
            if (IsToldWhenShown)
            {
                entry.TryReportBesideEngine();
            }
        }
    }

    private void Write(TextWriter writer, HtmlEncoder encoder)
    {
        Script.Open(writer, nonce, encoder);
        writer.Write(EngineTrackingCode.QueueInitialiser);
        if (imposedCode is not null)
        {
            EngineTrackingCode.WriteVisitorCode(writer, imposedCode);
        }

        PageWatch.Open(writer);
        writer.Write(GuardPrerender ? WhenShown : "");
        var page = IsNumbered ? RandomNumberGenerator.GetInt32(1, int.MaxValue) : 0;
        WriteReport(writer, page);
        writer.Write(commands);
        writer.Write(GuardPrerender ? "});" : "");
        PageWatch.Close(writer);
        Script.Close(writer);
        if (HasImage && SeenPath is not null && entries.Length > 0)
        {
            WriteImage(writer, SeenPath, encoder, page);
        }
    }

    private void WriteReport(TextWriter writer, int page)
    {
        if (HasCommands)
        {
            EngineTrackingCode.Write(writer, entries);
        }

        if (SeenPath is null || entries.Length == 0)
        {
            return;
        }

        if (IsToldWhenShown)
        {
            // When the page is shown, a script loads the image that a browser without JavaScript would load.
            writer.Write("new Image().src=");
            PageWatch.WriteAddress(writer, SeenPath, entries, Generation, page);
            writer.Write(';');
        }
        else
        {
            PageWatch.Write(writer, SeenPath, entries, Generation, page);
        }
    }

    private void WriteImage(TextWriter writer, string path, HtmlEncoder encoder, int page)
    {
        writer.Write("<noscript><img src=\"");
        encoder.Encode(writer, path);
        SeenEndpoint.WriteQuery(writer, entries, Generation, page);
        writer.Write("\" alt=\"\" width=\"1\" height=\"1\"></noscript>");
    }
}
