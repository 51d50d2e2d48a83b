using System.Globalization;
using System.Text.Encodings.Web;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>The panel on the page: a disclosure that opens by mouse or keyboard, with everything written as text.
/// </summary>
internal sealed class InspectorPanel(
    string visitorCode, KameleoonClient client, SimulationCookie simulation, string? nonce) : IHtmlContent
{
    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        writer.Write("<style");
        Script.WriteAttribute(writer, "nonce", nonce, encoder);
        writer.Write($">{InspectorAssets.Style}</style>");
        writer.Write("<details id=\"kameleoonInspector\"><summary>Kameleoon</summary><div><p>Visitor <code>");
        encoder.Encode(writer, visitorCode);
        writer.Write("</code></p>");
        WriteFlags(writer, encoder);
        WriteReports(writer);
        writer.Write("</div></details>");
        Script.Open(writer, nonce, encoder);
        writer.Write(InspectorAssets.Code);
        Script.Close(writer);
    }

    private void WriteFlags(TextWriter writer, HtmlEncoder encoder)
    {
        if (client.GetDataFile() is not { Flags: { Count: > 0 } flags })
        {
            writer.Write("<p>There is no data file with flags yet.</p>");
            return;
        }

        foreach (var flag in flags)
        {
            if (client.Explain(flag.Key) is { } explanation)
            {
                WriteFlag(writer, encoder, flag, explanation);
            }
        }

        if (!simulation.IsAllowed)
        {
            writer.Write("<p>Kameleoon:Simulation does not let a browser choose variations here.</p>");
        }
    }

    private void WriteFlag(TextWriter writer, HtmlEncoder encoder, FeatureFlag flag, Explanation explanation)
    {
        var variation = explanation.Decision.Variation;
        writer.Write("<section><details><summary>");
        encoder.Encode(writer, flag.Key);
        writer.Write(": <b>");
        encoder.Encode(writer, variation.Key);
        writer.Write($"</b> {variation.Reason}</summary><pre tabindex=\"0\">");
        encoder.Encode(writer, explanation.ToString());
        writer.Write("</pre></details>");
        if (simulation.IsAllowed)
        {
            WriteChoice(writer, encoder, flag, variation);
        }

        writer.Write("</section>");
    }

    private static void WriteChoice(TextWriter writer, HtmlEncoder encoder, FeatureFlag flag, Variation current)
    {
        var isSimulated = current.Reason == DecisionReason.Simulated;
        writer.Write("<label>Variation <select");
        Script.WriteAttribute(writer, "data-flag", flag.Key, encoder);
        writer.Write("><option value=\"\">what is decided</option>");
        WriteOption(writer, encoder, """{"expId":0}""", flag.DefaultVariationKey + ", the default", isSimulated && current.Id is null);
        foreach (var variation in flag.Rules.SelectMany(rule => rule.Variations.Values))
        {
            if (variation is { Id: { } id, ExperimentId: { } experiment })
            {
                var ids = string.Create(CultureInfo.InvariantCulture, $"{{\"expId\":{experiment},\"varId\":{id}}}");
                var text = string.Create(CultureInfo.InvariantCulture, $"{variation.Key} of {experiment}");
                WriteOption(
                    writer, encoder, ids, text, isSimulated && current.Id == id && current.ExperimentId == experiment);
            }
        }

        writer.Write("</select></label><button type=\"button\">Show</button>");
    }

    private static void WriteOption(TextWriter writer, HtmlEncoder encoder, string value, string text, bool isSelected)
    {
        writer.Write("<option");
        Script.WriteAttribute(writer, "value", value, encoder);
        writer.Write(isSelected ? " selected>" : ">");
        encoder.Encode(writer, text);
        writer.Write("</option>");
    }

    private void WriteReports(TextWriter writer)
    {
        writer.Write("<p>This page reports:</p><ul>");
        var count = 0;
        foreach (var entry in client.Ledger)
        {
            writer.Write(string.Create(
                CultureInfo.InvariantCulture,
                $"<li>experiment {entry.Exposure.ExperimentId}, variation {entry.Exposure.VariationId}: {entry.Owner}</li>"));
            count++;
        }

        writer.Write(count == 0 ? "<li>nothing</li></ul>" : "</ul>");
    }
}
