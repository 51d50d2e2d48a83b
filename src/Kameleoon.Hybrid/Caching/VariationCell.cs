using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Kameleoon.Hybrid;

/// <summary>The visitors who see the same page, because they have the same variations of the flags it depends on.
/// </summary>
/// <param name="FeatureKeys">The flags by which the output cache keeps copies of the page.</param>
internal sealed record VariationCell(string[] FeatureKeys)
{
    /// <summary>The exposures that the stored page's tracking tag hands to the engine. It is stored with the page, so
    /// that whoever serves the copy knows what is left for the server to report.</summary>
    internal const string ExposuresHeader = "Kameleoon-Exposures";

    internal bool Covers(string featureKey) => FeatureKeys.AsSpan().Contains(featureKey);

    /// <summary>Notes in the response what the page's tag carries.</summary>
    internal static void Note(HttpResponse response, IEnumerable<Exposure> exposures)
    {
        foreach (var exposure in exposures)
        {
            response.Headers.Append(ExposuresHeader, Text(exposure));
        }
    }

    /// <summary>Whether the page's tag carries an exposure.</summary>
    internal static bool IsNoted(HttpResponse response, in Exposure exposure) =>
        response.Headers.TryGetValue(ExposuresHeader, out var noted)
        && noted.ToArray().Contains(Text(exposure), StringComparer.Ordinal);

    private static string Text(in Exposure exposure) =>
        string.Create(CultureInfo.InvariantCulture, $"{exposure.ExperimentId}.{exposure.VariationId}");
}
