namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the holdout, the experiment that keeps visitors out of all flags.</summary>
internal static class HoldoutReader
{
    internal static Holdout? Read(ref JsonCursor json)
    {
        if (!json.EnterObject())
        {
            return null;
        }

        var experimentId = 0L;
        var shares = new List<VariationShare>();
        while (json.NextMember())
        {
            if (json.NameEquals("experimentId"u8))
            {
                experimentId = json.ReadInt64() ?? 0;
            }
            else if (json.NameEquals("variationByExposition"u8))
            {
                shares.Clear();
                VariationShare.ReadAll(ref json, shares);
            }
            else
            {
                json.SkipMember();
            }
        }

        return new Holdout(
            experimentId,
            [.. shares.Select(share => share.ToExposed(Variation.WithoutVariables(share.Key), experimentId))]);
    }
}
