namespace Kameleoon.Hybrid.Decisions;

/// <summary>Reads the experiment that keeps visitors out of all flags.</summary>
internal static class HoldoutReader
{
    internal static Holdout? Read(ref JsonCursor json)
    {
        if (!json.EnterObject())
        {
            return null;
        }

        var experimentId = 0L;
        var drafts = new List<ExposedDraft>();
        while (json.NextMember())
        {
            if (json.Is("experimentId"u8))
            {
                experimentId = json.Int64() ?? 0;
            }
            else if (json.Is("variationByExposition"u8))
            {
                drafts.Clear();
                ExposedDraft.ReadAll(ref json, drafts);
            }
            else
            {
                json.Ignore();
            }
        }

        return new Holdout(
            experimentId,
            [.. drafts.Select(draft => draft.Of(Variation.Bare(draft.Key), experimentId))]);
    }
}
