using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The visitors who see the same page, because they have the same variations of the flags it depends on.
/// </summary>
/// <param name="FeatureKeys">The flags by which the output cache keeps copies of the page.</param>
internal sealed record VariationCell(string[] FeatureKeys)
{
    /// <summary>What the page exposes its visitors to. It is stored with the page, so that whoever serves a copy knows what
    /// the copy's tag hands to the engine, and what is the server's to report.</summary>
    internal const string ExposuresHeader = "Kameleoon-Exposures";

    private const string ByServer = ".s";

    internal bool Covers(string featureKey) => FeatureKeys.AsSpan().Contains(featureKey);

    /// <summary>Notes in the response what was decided for it so far.</summary>
    internal static void Note(HttpResponse response, ExposureLedger ledger)
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

    /// <summary>Reads what a copy exposes to, and whether its tag hands it to the engine.</summary>
    internal static IEnumerable<(Exposure Exposure, bool IsEngines)> Read(HttpResponse copy, DataFile dataFile)
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
