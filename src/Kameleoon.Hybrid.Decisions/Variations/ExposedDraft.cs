using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A variation's share of some traffic, as it stands in the data file.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ExposedDraft(string Key, long? VariationId, double Share)
{
    internal static void ReadAll(ref JsonCursor json, List<ExposedDraft> drafts)
    {
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                drafts.Add(Read(ref json));
            }
        }
    }

    internal ExposedVariation Of(Variation variation, long experimentId) =>
        new(variation.Exposed(VariationId, experimentId), Share);

    private static ExposedDraft Read(ref JsonCursor json)
    {
        string? key = null;
        long? id = null;
        double? share = null;
        while (json.NextMember())
        {
            if (json.Is("variationKey"u8))
            {
                key = json.Text();
            }
            else if (json.Is("variationId"u8))
            {
                id = json.Int64();
            }
            else if (json.Is("exposition"u8))
            {
                share = json.Number();
            }
            else
            {
                json.Ignore();
            }
        }

        return new ExposedDraft(key ?? "", id, share ?? 0);
    }
}
