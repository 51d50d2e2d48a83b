using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>A variation's share of the traffic of a rule or holdout, as read from the data file.</summary>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct VariationShare(string Key, long? VariationId, double Share)
{
    /// <summary>Reads an array of shares and adds them to a list.</summary>
    internal static void ReadAll(ref JsonCursor json, List<VariationShare> shares)
    {
        if (!json.EnterArray())
        {
            return;
        }

        while (json.NextElement())
        {
            if (json.IsAtObject())
            {
                shares.Add(Read(ref json));
            }
        }
    }

    /// <summary>Combines the share with its variation.</summary>
    internal ExposedVariation ToExposed(Variation variation, long experimentId) =>
        new(variation.WithIds(VariationId, experimentId), Share);

    private static VariationShare Read(ref JsonCursor json)
    {
        string? key = null;
        long? id = null;
        double? share = null;
        while (json.NextMember())
        {
            if (json.NameEquals("variationKey"u8))
            {
                key = json.ReadText();
            }
            else if (json.NameEquals("variationId"u8))
            {
                id = json.ReadInt64();
            }
            else if (json.NameEquals("exposition"u8))
            {
                share = json.ReadNumber();
            }
            else
            {
                json.SkipMember();
            }
        }

        return new VariationShare(key ?? "", id, share ?? 0);
    }
}
