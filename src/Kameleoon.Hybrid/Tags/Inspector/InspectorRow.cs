using System.Globalization;
using System.Text.Encodings.Web;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Writes one flag: a line with its key and a chip for each variation, and below it the reason, folded.</summary>
/// <param name="writer">The output.</param>
/// <param name="encoder">The encoder for HTML.</param>
/// <param name="how">How variations are changed.</param>
internal sealed class InspectorRow(TextWriter writer, HtmlEncoder encoder, InspectorSwitch how)
{
    /// <param name="number">The number of the line, for ids.</param>
    /// <param name="flag">The flag.</param>
    /// <param name="explanation">What was decided, and why.</param>
    /// <param name="ledger">The exposures of the page.</param>
    internal void Write(int number, FeatureFlag flag, Explanation explanation, ExposureLedger ledger)
    {
        var current = explanation.Decision.Variation;
        var isSet = current.Reason == DecisionReason.Simulated;
        writer.Write("<li");
        Script.WriteAttribute(writer, "data-flag", flag.Key, encoder);
        writer.Write(isSet ? " class=\"set\">" : ">");
        WriteName(number, flag.Key);
        foreach (var key in Shown(flag, current.Key))
        {
            WriteChip(flag, key, string.Equals(key, current.Key, StringComparison.Ordinal));
        }

        writer.Write("</span>");
        if (isSet && how.IsPossible)
        {
            WriteButton("reset", $"Decide {flag.Key} again", "Back to the decision", InspectorIcons.Reset, controls: null);
        }

        WriteButton("why", $"Why {flag.Key} is {current.Key}", "Why", InspectorIcons.Why, Id("why", number));
        writer.Write("</div>");
        WriteReason(
            number,
            InspectorReason.Of(flag, explanation.Decision, explanation, isSigned: how.Expires is not null),
            ReportOf(explanation.Decision, ledger),
            explanation);
        writer.Write("</li>");
    }

    // A flag that is off may show a key that it does not declare.
    private static string[] Shown(FeatureFlag flag, string current)
    {
        var keys = OverridableVariations.Of(flag);
        return keys.Contains(current, StringComparer.Ordinal) ? keys : [current, .. keys];
    }

    private static string Id(string name, int number) => string.Create(CultureInfo.InvariantCulture, $"{name}{number}");

    private void WriteName(int number, string key)
    {
        writer.Write("<div class=\"row\"><span class=\"name\"");
        Script.WriteAttribute(writer, "id", Id("name", number), encoder);
        Script.WriteAttribute(writer, "title", key, encoder);
        writer.Write('>');
        encoder.Encode(writer, key);
        writer.Write("</span><span class=\"chips\" role=\"radiogroup\"");
        Script.WriteAttribute(writer, "aria-labelledby", Id("name", number), encoder);
        writer.Write('>');
    }

    private void WriteChip(FeatureFlag flag, string key, bool isCurrent)
    {
        var ids = how.UsesCookie ? InspectorSwitch.IdsOf(flag, key) : null;
        writer.Write("<button type=\"button\" class=\"chip\" role=\"radio\"");
        Script.WriteAttribute(writer, "data-key", key, encoder);
        Script.WriteAttribute(writer, "data-ids", ids, encoder);
        writer.Write(isCurrent ? " aria-checked=\"true\" tabindex=\"0\"" : " aria-checked=\"false\" tabindex=\"-1\"");
        writer.Write(how.Endpoint is null && ids is null ? " aria-disabled=\"true\">" : ">");
        encoder.Encode(writer, key);
        writer.Write("</button>");
    }

    private void WriteButton(string action, string label, string title, string icon, string? controls)
    {
        writer.Write("<button type=\"button\" class=\"icon\"");
        Script.WriteAttribute(writer, "data-do", action, encoder);
        Script.WriteAttribute(writer, "aria-label", label, encoder);
        Script.WriteAttribute(writer, "title", title, encoder);
        Script.WriteAttribute(writer, "aria-expanded", controls is null ? null : "false", encoder);
        Script.WriteAttribute(writer, "aria-controls", controls, encoder);
        writer.Write($">{icon}</button>");
    }

    private void WriteReason(int number, string reason, string report, Explanation explanation)
    {
        writer.Write("<div class=\"reason\"");
        Script.WriteAttribute(writer, "id", Id("why", number), encoder);
        writer.Write(" hidden><p>");
        encoder.Encode(writer, reason);
        writer.Write("</p><p>");
        encoder.Encode(writer, report);
        writer.Write("</p><details><summary>All steps</summary><pre tabindex=\"0\">");
        encoder.Encode(writer, explanation.ToString());
        writer.Write("</pre></details></div>");
    }

    private static string ReportOf(in Decision decision, ExposureLedger ledger)
    {
        foreach (var entry in ledger)
        {
            if (Exposure.Of(decision.Variation) is { } exposure
                && (exposure.ExperimentId, exposure.VariationId) == (entry.Exposure.ExperimentId, entry.Exposure.VariationId))
            {
                var reporter = entry.Owner.StartsWith("not ", StringComparison.Ordinal) ? "N" + entry.Owner[1..] : "Reported by " + entry.Owner;
                return string.Create(
                    CultureInfo.InvariantCulture,
                    $"{reporter}. Experiment {exposure.ExperimentId}, variation {exposure.VariationId}.");
            }
        }

        return "This page reports no exposure of it.";
    }
}
