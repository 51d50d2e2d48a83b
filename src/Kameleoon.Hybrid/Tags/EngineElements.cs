using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>The elements of the engine tag, in this order: the queue, the anti-flicker script, the frame and the
/// engine.</summary>
internal sealed class EngineElements : IHtmlContent
{
    internal const string Id = "kameleoonEngine";

    internal required EngineMode Mode { get; init; }

    internal required string Address { get; init; }

    internal required string? Nonce { get; init; }

    internal required string? ImposedCode { get; init; }

    internal required bool Preload { get; init; }

    internal required FetchPriority Priority { get; init; }

    internal required int Timeout { get; init; }

    internal required EngineOverlay Overlay { get; init; }

    internal required string? Frame { get; init; }

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        if (Preload)
        {
            WritePreload(writer, encoder);
        }

        if (Mode != EngineMode.None || ImposedCode is not null)
        {
            Script.Open(writer, Nonce, encoder);
            WriteQueue(writer);
            Script.Close(writer);
        }

        if (Mode == EngineMode.AsyncAntiFlicker)
        {
            Script.Open(writer, Nonce, encoder);
            AntiFlicker.Write(writer, Overlay, Timeout);
            Script.Close(writer);
        }

        if (Mode != EngineMode.None)
        {
            WriteFrame(writer, encoder);
            WriteEngine(writer, encoder);
        }
    }

    // Placed before the engine in the document: when a later entry runs, the engine has already chosen a visitor code.
    private void WriteQueue(TextWriter writer)
    {
        writer.Write(EngineTrackingCode.QueueInitialiser);
        if (ImposedCode is not null)
        {
            EngineTrackingCode.WriteVisitorCode(writer, ImposedCode);
        }
    }

    private void WriteFrame(TextWriter writer, HtmlEncoder encoder)
    {
        if (Frame is not null)
        {
            Script.Open(writer, Nonce, encoder);
            UnifyFrame.Write(writer, Frame);
            Script.Close(writer);
        }
    }

    private void WritePreload(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write("<link rel=\"preload\" as=\"script\"");
        Script.WriteAttribute(writer, "href", Address, encoder);
        Script.WriteAttribute(writer, "nonce", Nonce, encoder);
        WritePriority(writer);
        writer.Write('>');
    }

    private void WriteEngine(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write("<script");
        Script.WriteAttribute(writer, "id", Id, encoder);
        if (Mode != EngineMode.Sync)
        {
            writer.Write(" async");
        }

        WritePriority(writer);
        Script.WriteAttribute(writer, "nonce", Nonce, encoder);
        Script.WriteAttribute(writer, "src", Address, encoder);
        writer.Write("></script>");
    }

    private void WritePriority(TextWriter writer) => writer.Write(Priority switch
    {
        FetchPriority.High => " fetchpriority=\"high\"",
        FetchPriority.Low => " fetchpriority=\"low\"",
        _ => "",
    });
}
