using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The flags by which the output cache varies a page, what was decided for them when it chose the copy, and the
/// header that stores the page's tracked exposures with each copy.</summary>
/// <param name="featureKeys">The keys of the flags.</param>
/// <param name="decisions">What was decided, in the same order.</param>
/// <param name="consent">The visitor's consent then.</param>
internal sealed class VariationCell(string[] featureKeys, Decision[] decisions, Consent consent)
{
    /// <summary>The header with the exposures of the page. It is stored with the page, so that the server knows for a
    /// copy which exposures the tag passes to the engine and which the server reports.</summary>
    internal const string ExposuresHeader = "Kameleoon-Exposures";

    // Marks the exposures that no tag passes to the engine.
    private const string ByServer = ".s";

    /// <summary>The visitor's consent when the copy was chosen.</summary>
    internal Consent Consent => consent;

    /// <summary>Whether a flag is one of those by which the page varies.</summary>
    internal bool Covers(string featureKey) => featureKeys.AsSpan().Contains(featureKey);

    /// <summary>Whether a decision for the page is the one by which the copy was chosen.</summary>
    internal bool Holds(string featureKey, in Decision decision)
    {
        var index = featureKeys.AsSpan().IndexOf(featureKey);
        return index >= 0 && KeyOf(decision) == KeyOf(decisions[index]);
    }

    /// <summary>Returns what of a decision the page shows or reports.</summary>
    /// <remarks>A held-out visitor sees the default variation too, but is not reported the same way.</remarks>
    internal static (string Variation, long? Experiment, long? Id, long? Holdout) KeyOf(in Decision decision) =>
        (decision.Variation.Key, decision.Variation.ExperimentId, decision.Variation.Id, decision.Holdout?.Id);

    /// <summary>Writes the exposures so far into the header.</summary>
    internal static void WriteHeader(HttpResponse response, ExposureLedger ledger)
    {
        var noted = new List<string>();
        foreach (var entry in ledger)
        {
            if (entry.IsTracked)
            {
                noted.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{entry.Exposure.ExperimentId}.{entry.Exposure.VariationId}{(entry.IsOwnedByEngine ? "" : ByServer)}"));
            }
        }

        response.Headers[ExposuresHeader] = string.Join(',', noted);
    }

    /// <summary>Reads the exposures of a copy, and whether its tag passes each to the engine.</summary>
    internal static IEnumerable<(Exposure Exposure, bool IsEngines)> ReadHeader(HttpResponse copy, DataFile dataFile)
    {
        foreach (var noted in copy.Headers[ExposuresHeader].ToString().Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            if (noted.Split('.') is [var first, var second, ..]
                && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var experiment)
                && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out var variation)
                && Exposure.Find(dataFile, experiment, variation) is { } exposure)
            {
                yield return (exposure, !noted.EndsWith(ByServer, StringComparison.Ordinal));
            }
        }
    }
}
