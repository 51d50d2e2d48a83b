using System.Globalization;
using System.Text.Encodings.Web;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Html;

namespace Kameleoon.Hybrid;

/// <summary>The inspector on the page, in a shadow root: a small button, which opens a panel with a line for each flag.
/// Everything that comes from data is written as text.</summary>
/// <param name="client">The client of the page's visitor.</param>
/// <param name="how">How variations are changed.</param>
/// <param name="nonce">The nonce of the response's Content-Security-Policy, or null.</param>
internal sealed class InspectorPanel(KameleoonClient client, InspectorSwitch how, string? nonce) : IHtmlContent
{
    private const int FlagsWithoutSearch = 8;

    public void WriteTo(TextWriter writer, HtmlEncoder encoder)
    {
        var explained = Explain();
        var overridden = explained.Count(static one => one.Explanation.Decision.Variation.Reason == DecisionReason.Simulated);
        writer.Write("<div id=\"kameleoonInspector\"");
        Script.WriteAttribute(writer, "data-overrides", how.Endpoint, encoder);
        writer.Write("><template shadowrootmode=\"open\"><style");
        Script.WriteAttribute(writer, "nonce", nonce, encoder);
        writer.Write($">{InspectorStyle.Text}</style><div class=\"box\">");
        WritePill(writer, overridden);
        writer.Write("<section class=\"panel\" aria-label=\"Kameleoon inspector\" hidden>");
        WriteHeader(writer, encoder, hasSearch: explained.Count > FlagsWithoutSearch);
        WriteActive(writer, overridden);
        writer.Write("<p class=\"says\" role=\"status\" aria-live=\"polite\"></p>");
        WriteFlags(writer, encoder, explained);
        WriteNotes(writer, explained.Count);
        writer.Write("</section></div></template></div>");
        Script.Open(writer, nonce, encoder);
        writer.Write(InspectorScript.Text);
        Script.Close(writer);
    }

    private List<(FeatureFlag Flag, Explanation Explanation)> Explain()
    {
        var explained = new List<(FeatureFlag, Explanation)>();
        foreach (var flag in client.GetDataFile()?.Flags ?? [])
        {
            if (client.Explain(flag.Key) is { } explanation)
            {
                explained.Add((flag, explanation));
            }
        }

        return explained;
    }

    private static void WritePill(TextWriter writer, int overridden)
    {
        writer.Write("<button type=\"button\" class=\"pill\" data-do=\"open\" aria-expanded=\"false\"><span class=\"dot");
        writer.Write(overridden > 0 ? " set\"></span>Kameleoon" : "\"></span>Kameleoon");
        if (overridden > 0)
        {
            writer.Write(string.Create(CultureInfo.InvariantCulture, $" <span class=\"pinned\">{overridden} overridden</span>"));
        }

        writer.Write("</button>");
    }

    private void WriteHeader(TextWriter writer, HtmlEncoder encoder, bool hasSearch)
    {
        writer.Write("<header><b>Kameleoon</b><code title=\"Visitor code\">");
        encoder.Encode(writer, client.GetVisitorCode());
        writer.Write("</code>");
        if (hasSearch)
        {
            writer.Write("<input class=\"find\" type=\"search\" placeholder=\"Find a flag\" aria-label=\"Find a flag\">");
        }

        WriteButton(writer, "move", "Move the inspector to another corner", "Move", InspectorIcons.Move);
        WriteButton(writer, "close", "Close the inspector", "Close", InspectorIcons.Close);
        writer.Write("</header>");
    }

    private static void WriteButton(TextWriter writer, string action, string label, string title, string icon) => writer.Write(
        $"<button type=\"button\" class=\"icon\" data-do=\"{action}\" aria-label=\"{label}\" title=\"{title}\">{icon}</button>");

    // An override may name flags that are archived since.
    private void WriteActive(TextWriter writer, int overridden)
    {
        if (overridden == 0 && how.Expires is null)
        {
            return;
        }

        writer.Write("<p class=\"active\"><span>");
        writer.Write(how.Expires is { } expires
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"Override until <time datetime=\"{expires.UtcDateTime:yyyy-MM-ddTHH:mm:ssZ}\">{expires.UtcDateTime:yyyy-MM-dd HH:mm} UTC</time>, not counted")
            : "Simulated in this browser, not counted");
        writer.Write(how.IsPossible
            ? "</span><button type=\"button\" data-do=\"clear\" aria-label=\"Clear all overrides\">Clear</button></p>"
            : "</span></p>");
    }

    private void WriteFlags(TextWriter writer, HtmlEncoder encoder, List<(FeatureFlag Flag, Explanation Explanation)> explained)
    {
        if (explained.Count == 0)
        {
            return;
        }

        writer.Write("<ul>");
        var row = new InspectorRow(writer, encoder, how);
        for (var number = 0; number < explained.Count; number++)
        {
            row.Write(number, explained[number].Flag, explained[number].Explanation, client.Ledger);
        }

        writer.Write("</ul>");
    }

    private void WriteNotes(TextWriter writer, int flags)
    {
        if (flags == 0)
        {
            writer.Write("<p class=\"note\">There is no data file with flags yet.</p>");
        }
        else if (!how.IsPossible)
        {
            writer.Write("<p class=\"note\">To change variations here, call app.MapKameleoonOverrides().</p>");
        }
    }
}
