using System.Security.Cryptography;
using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>The elements of the tracking tag: a script for the engine, and an image for browsers without
/// JavaScript.</summary>
/// <remarks>Written directly to the page without intermediate texts, because every page with a decision renders
/// it.</remarks>
internal abstract class TrackingElements(in TrackingParts parts) : IHtmlContent
{
    private const string WhenShown = "(function(report){if(d.prerendering)"
        + "d.addEventListener(\"prerenderingchange\",report,{once:true});else report()})(function(){";

    private readonly TrackingParts _parts = parts;

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        Write(writer, encoder);
        foreach (var entry in _parts.Entries)
        {
            entry.NoteWritten(isCertain: !_parts.IsLate || writer is not StringWriter);
            if (_parts.IsToldWhenShown)
            {
                entry.TryReportBesideEngine();
            }
        }
    }

    /// <summary>Writes the commands that pass the exposures to the engine.</summary>
    protected abstract void WriteCommands(TextWriter writer, ReadOnlySpan<ExposureEntry> entries);

    private void Write(TextWriter writer, HtmlEncoder encoder)
    {
        Script.Open(writer, _parts.Nonce, encoder);
        writer.Write(EngineTrackingCode.QueueInitialiser);
        if (_parts.ImposedCode is { } imposedCode)
        {
            EngineTrackingCode.WriteVisitorCode(writer, imposedCode);
        }

        PageWatch.Open(writer);
        writer.Write(_parts.GuardPrerender ? WhenShown : "");
        var number = _parts.IsNumbered ? RandomNumberGenerator.GetInt32(1, int.MaxValue) : 0;
        var page = new SeenPage(_parts.Visitor, _parts.Generation, number);
        WriteReport(writer, page);
        writer.Write(_parts.Commands);
        writer.Write(_parts.GuardPrerender ? "});" : "");
        PageWatch.Close(writer);
        Script.Close(writer);
        if (_parts is { HasImage: true, SeenPath: { } path, Entries.Length: > 0 })
        {
            WriteImages(writer, path, encoder, page);
        }
    }

    private void WriteReport(TextWriter writer, in SeenPage page)
    {
        if (_parts.HasCommands)
        {
            WriteCommands(writer, _parts.Entries);
        }

        if (_parts.SeenPath is not { } path)
        {
            return;
        }

        for (var start = 0; start < _parts.Entries.Length; start += SeenEndpoint.MaxExposures)
        {
            WriteReport(writer, path, From(start), page, isFirst: start == 0);
        }
    }

    private void WriteReport(TextWriter writer, string path, ReadOnlySpan<ExposureEntry> entries, in SeenPage page, bool isFirst)
    {
        if (_parts.IsToldWhenShown)
        {
            // When the page is shown, a script loads the image that a browser without JavaScript would load.
            writer.Write("new Image().src=");
            PageWatch.WriteAddress(writer, path, entries, page);
            writer.Write(';');
        }
        else if (isFirst)
        {
            PageWatch.Write(writer, path, entries, page);
        }
        else
        {
            PageWatch.WriteFurther(writer, path, entries, page);
        }
    }

    private void WriteImages(TextWriter writer, string path, HtmlEncoder encoder, in SeenPage page)
    {
        writer.Write("<noscript>");
        for (var start = 0; start < _parts.Entries.Length; start += SeenEndpoint.MaxExposures)
        {
            writer.Write("<img src=\"");
            encoder.Encode(writer, path);
            SeenEndpoint.WriteQuery(writer, From(start), page);
            writer.Write("\" alt=\"\" width=\"1\" height=\"1\">");
        }

        writer.Write("</noscript>");
    }

    private ReadOnlySpan<ExposureEntry> From(int start) =>
        _parts.Entries.AsSpan(start, Math.Min(SeenEndpoint.MaxExposures, _parts.Entries.Length - start));
}
