using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid;

/// <summary>Writes script elements. The text between <see cref="Open"/> and <see cref="Close"/> must be JavaScript that
/// is already safe in HTML, because it is not encoded again.</summary>
internal static class Script
{
    internal static void Open(TextWriter writer, string? nonce, HtmlEncoder encoder)
    {
        writer.Write("<script");
        WriteAttribute(writer, "nonce", nonce, encoder);
        writer.Write('>');
    }

    internal static void Close(TextWriter writer) => writer.Write("</script>");

    /// <param name="writer">The output.</param>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Any text; nothing is written for an empty one.</param>
    /// <param name="encoder">The encoder for HTML.</param>
    internal static void WriteAttribute(TextWriter writer, string name, string? value, HtmlEncoder encoder)
    {
        if (string.IsNullOrEmpty(value))
        {
            return;
        }

        writer.Write(' ');
        writer.Write(name);
        writer.Write("=\"");
        encoder.Encode(writer, value);
        writer.Write('"');
    }
}
