using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;

namespace Kameleoon.Hybrid;

/// <summary>Writes the report of the experiments as a page without scripts and without anything to load.</summary>
internal static class TrustPage
{
    internal const string Style = """
        :root{color-scheme:light dark}
        body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem}
        h1{font-size:1.4rem}h2{font-size:1.1rem;margin:1.5rem 0 .25rem}
        .problem{border-left:.4rem solid #c62828;padding:.5rem .8rem;background:#c6282822;font-weight:600}
        .fine{border-left:.4rem solid #2e7d32;padding:.5rem .8rem;background:#2e7d3222}
        .scroll{overflow-x:auto}
        table{border-collapse:collapse;min-width:100%}
        th,td{text-align:right;padding:.25rem .6rem;border-bottom:1px solid #8886;white-space:nowrap;font-variant-numeric:tabular-nums}
        th:first-child{text-align:left;white-space:normal;min-width:6.5rem}
        tr.first{background:#c6282822}
        small{opacity:.8}
        """;

    /// <param name="report">The experiments.</param>
    /// <param name="nonce">The nonce of the application's Content-Security-Policy, or null.</param>
    internal static string Write(TrustReport report, string? nonce)
    {
        var page = new StringBuilder("<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\">")
            .Append("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>Experiments</title><style")
            .Append(nonce is null ? "" : $" nonce=\"{Encode(nonce)}\"").Append('>').Append(Style)
            .Append("</style></head><body><h1>Experiments of ").Append(Encode(report.SiteCode)).Append("</h1>");
        WriteSummary(page, report);
        foreach (var experiment in report.Experiments.Where(static experiment => experiment.Started is not null))
        {
            WriteExperiment(page, experiment);
        }

        WriteEmpty(page, report);
        WriteIdentity(page, report.Identity);
        return page.Append(CultureInfo.InvariantCulture,
                $"<p><small>{(report.IsFarm ? "Visitors of all servers, responses of this one" : "This server")}, {report.Time:yyyy-MM-dd HH:mm:ss 'UTC'}.</small></p></body></html>")
            .ToString();
    }

    private static void WriteSummary(StringBuilder page, TrustReport report)
    {
        string[] problems =
        [
            .. report.Experiments.Select(static experiment => experiment.Problem).OfType<string>(),
            .. report.Experiments.SelectMany(static experiment => experiment.Guard)
                .Where(static variation => variation.IsWithholding).Select(static variation => variation.Trips[^1].Sentence),
            .. new[] { report.Identity.Problem }.OfType<string>(),
        ];
        foreach (var problem in problems)
        {
            page.Append("<p class=\"problem\" role=\"alert\">").Append(Encode(problem)).Append("</p>");
        }

        if (problems.Length == 0)
        {
            page.Append("<p class=\"fine\">The visitors of all experiments fit their weights, and engines use the server's visitor codes.</p>");
        }
    }

    private static void WriteExperiment(StringBuilder page, TrustedExperiment experiment)
    {
        page.Append(CultureInfo.InvariantCulture, $"<h2>{Encode(experiment.Flag)} <small>{experiment.ExperimentId}</small></h2>")
            .Append(CultureInfo.InvariantCulture, $"<p><small>Visitors since {experiment.Started:yyyy-MM-dd HH:mm 'UTC'}</small></p>")
            .Append("<div class=\"scroll\" tabindex=\"0\"><table><thead><tr><th scope=\"col\">Stage</th>");
        foreach (var variation in experiment.Variations)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<th scope=\"col\">{Encode(variation.Key)}<br><small>{Percent(variation.ExpectedShare)} expected</small></th>");
        }

        page.Append("</tr></thead><tbody>");
        foreach (var stage in StageWindow.Counted.Select(TrustSentence.NameOf))
        {
            var isFirst = string.Equals(stage, experiment.FirstStage, StringComparison.Ordinal);
            WriteRow(page, stage, isFirst, experiment.Variations.Select(variation => variation.Stages[stage]).ToArray());
        }

        foreach (var outcome in Enum.GetValues<ExposureOutcome>().Select(TrustSentence.NameOf))
        {
            WriteRow(page, $"responses: {outcome}", isFirst: false, experiment.Variations.Select(variation => variation.Responses[outcome]).ToArray());
        }

        page.Append("</tbody></table></div>");
        WriteGuard(page, experiment);
    }

    private static void WriteGuard(StringBuilder page, TrustedExperiment experiment)
    {
        foreach (var variation in experiment.Guard)
        {
            page.Append(CultureInfo.InvariantCulture,
                $"<h3>Guard of {Encode(variation.Variation)}</h3><p>{variation.State} since {variation.Since:yyyy-MM-dd HH:mm:ss 'UTC'}")
                .Append(variation.NextProbe is { } next
                    ? string.Create(CultureInfo.InvariantCulture, $", tried again at {next:yyyy-MM-dd HH:mm:ss 'UTC'}") : "")
                .Append(CultureInfo.InvariantCulture,
                    $". {variation.WithheldFrom:N0} visitors did not get it; {variation.KeptBy:N0} who had seen it kept it.</p><ul>");
            foreach (var trip in variation.Trips)
            {
                page.Append(CultureInfo.InvariantCulture, $"<li>{trip.Time:yyyy-MM-dd HH:mm:ss 'UTC'}: {Encode(trip.Sentence)}</li>");
            }

            page.Append("</ul>");
        }
    }

    private static void WriteRow(StringBuilder page, string name, bool isFirst, long[] counts)
    {
        var total = counts.Sum();
        page.Append(isFirst ? "<tr class=\"first\">" : "<tr>").Append("<th scope=\"row\">").Append(name)
            .Append(isFirst ? " (the mismatch begins here)" : "").Append("</th>");
        foreach (var count in counts)
        {
            page.Append(CultureInfo.InvariantCulture, $"<td>{count:N0}");
            page.Append(total > 0 && counts.Length > 1 ? $" <small>{Percent((double)count / total)}</small></td>" : "</td>");
        }

        page.Append("</tr>");
    }

    private static void WriteEmpty(StringBuilder page, TrustReport report)
    {
        var empty = report.Experiments.Where(static experiment => experiment.Started is null).ToArray();
        if (empty.Length > 0)
        {
            page.Append("<p><small>No visitors yet: ")
                .AppendJoin(", ", empty.Select(static experiment => Encode(experiment.Flag))).Append("</small></p>");
        }
    }

    private static void WriteIdentity(StringBuilder page, IdentityReport identity)
    {
        page.Append("<h2>Visitor codes</h2>")
            .Append(CultureInfo.InvariantCulture, $"<p><small>Pages since {identity.Since:yyyy-MM-dd HH:mm 'UTC'}</small></p>")
            .Append("<div class=\"scroll\" tabindex=\"0\"><table><tbody>");
        WriteRow(page, "pages that compare the codes", isFirst: false, [identity.Pages]);
        WriteRow(page, "the engine uses the server's code (sampled)", isFirst: false, [identity.Agreed]);
        foreach (var (cause, count) in identity.Causes.Where(static cause => cause.Value > 0))
        {
            WriteRow(page, $"another code: {cause}", isFirst: false, [count]);
        }

        foreach (var (repair, count) in identity.Repairs.Where(static repair => repair.Value > 0))
        {
            WriteRow(page, $"repair: {repair}", isFirst: false, [count]);
        }

        page.Append("</tbody></table></div>");
    }

    private static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:0.#} %");

    private static string Encode(string text) => HtmlEncoder.Default.Encode(text);
}
