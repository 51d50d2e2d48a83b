using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The flags by which the output cache varies a page, and the header that stores the page's tracked exposures with
/// each copy.</summary>
/// <param name="FeatureKeys">The keys of the flags.</param>
internal sealed record VariationCell(string[] FeatureKeys)
{
    /// <summary>The header with the exposures of the page. It is stored with the page, so that the server knows for a
    /// copy which exposures the tag passes to the engine and which the server reports.</summary>
    internal const string ExposuresHeader = "Kameleoon-Exposures";

    // Marks the exposures that no tag passes to the engine.
    private const string ByServer = ".s";

    internal bool Covers(string featureKey) => FeatureKeys.AsSpan().Contains(featureKey);

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
