using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The holdout of a data file: the visitors in it take part in no experiment.</summary>
internal sealed record HoldoutView(long ExperimentId, IReadOnlyList<ShareView> Shares)
{
    /// <summary>Reads the holdout of a data file that is known to be one; null when it has none.</summary>
    internal static HoldoutView? Of(byte[] dataFile)
    {
        using var document = JsonDocument.Parse(dataFile);
        return document.RootElement.TryGetProperty("holdout", out var holdout)
            && holdout.ValueKind == JsonValueKind.Object
            && FlagView.Id(holdout, "experimentId") is { } id
            ? new HoldoutView(id, FlagView.SharesOf(holdout))
            : null;
    }

    internal static string NameOf(string key) => key switch
    {
        "in-holdout" => "In the holdout",
        "not-in-holdout" => "Not in the holdout",
        _ => key,
    };
}
