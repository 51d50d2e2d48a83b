namespace Kameleoon.Hybrid.Sandbox;

/// <summary>One experiment and its result so far.</summary>
/// <param name="Id">The experiment.</param>
/// <param name="Flag">The flag's key, or null when no project ever named the experiment.</param>
/// <param name="Kind">What decides it.</param>
/// <param name="Visitors">Visitors who saw any variation; a visitor who saw two counts twice.</param>
/// <param name="Forced">Those of them on whom their variation was forced; the check leaves them out.</param>
/// <param name="Ratio">Whether the other visitors are spread as they should be, or null when there is nothing to check.</param>
/// <param name="Variations">Its variations, the reference first.</param>
internal sealed record LiveExperiment(
    long Id,
    string? Flag,
    CampaignKind Kind,
    long Visitors,
    long Forced,
    SampleRatio? Ratio,
    IReadOnlyList<LiveVariation> Variations)
{
    internal static LiveExperiment Of(
        long id, CatalogExperiment? known, IReadOnlyDictionary<long, ExposureCount> counts, ISet<long> goals)
    {
        var ids = (known?.Variations.Select(variation => variation.Id) ?? []).Union(counts.Keys.Order()).ToList();
        var reference = ids.Count > 0 ? counts.GetValueOrDefault(ids[0]) : null;
        LiveVariation[] variations =
        [
            .. ids.Select(variation => LiveVariation.Of(
                variation, known?.Find(variation), counts.GetValueOrDefault(variation), reference, goals)),
        ];
        return new LiveExperiment(
            id,
            known?.FlagKey ?? counts.Values.FirstOrDefault(count => count.Flag is not null)?.Flag,
            known?.Kind ?? CampaignKind.Web,
            variations.Sum(variation => variation.Visitors),
            variations.Sum(variation => variation.Forced),
            SampleRatio.Of(
                [.. variations.Select(variation => (variation.Visitors - variation.Forced, variation.Share))]),
            variations);
    }
}

/// <summary>One variation of an experiment.</summary>
/// <param name="Id">The variation.</param>
/// <param name="Key">Its key, or null when no project ever named it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Share">The part of the traffic it should get.</param>
/// <param name="Visitors">Distinct visitors who saw it.</param>
/// <param name="Forced">Those of them on whom it was forced.</param>
/// <param name="Both">Those of them whom both senders reported, which a sound integration avoids.</param>
/// <param name="Engine">What the browser engine reported.</param>
/// <param name="Server">What the server reported.</param>
/// <param name="Goals">What its visitors did.</param>
internal sealed record LiveVariation(
    long Id,
    string? Key,
    string? Name,
    double Share,
    long Visitors,
    long Forced,
    long Both,
    SenderCount Engine,
    SenderCount Server,
    IReadOnlyList<LiveResult> Goals)
{
    internal static LiveVariation Of(
        long id, CatalogVariation? known, ExposureCount? count, ExposureCount? reference, ISet<long> goals) => new(
        id,
        known?.Key ?? count?.Variation,
        known?.Name,
        known?.Share ?? 0,
        count?.Visitors ?? 0,
        count?.Forced ?? 0,
        count?.Both ?? 0,
        count?.Engine ?? SenderCount.Zero,
        count?.Server ?? SenderCount.Zero,
        [.. goals.Select(goal => LiveResult.Of(goal, count, reference))]);
}

/// <summary>What the visitors of one variation did for one goal.</summary>
/// <param name="GoalId">The goal.</param>
/// <param name="Visitors">Visitors who converted.</param>
/// <param name="Conversions">Their conversions.</param>
/// <param name="Revenue">Their revenue.</param>
/// <param name="Rate">The conversion rate, or null without visitors.</param>
/// <param name="Lift">How far it lies above the reference's, or null for the reference and without conversions.</param>
internal sealed record LiveResult(
    long GoalId, long Visitors, long Conversions, decimal Revenue, Interval? Rate, Interval? Lift)
{
    internal static LiveResult Of(long goal, ExposureCount? count, ExposureCount? reference)
    {
        var own = count?.Goals.GetValueOrDefault(goal);
        var other = reference?.Goals.GetValueOrDefault(goal);
        return new LiveResult(
            goal,
            own?.Visitors ?? 0,
            own?.Conversions ?? 0,
            own?.Revenue ?? 0,
            Interval.Rate(own?.Visitors ?? 0, count?.Visitors ?? 0),
            own is null || other is null || ReferenceEquals(count, reference)
                ? null
                : Interval.Lift(own.Visitors, count!.Visitors, other.Visitors, reference!.Visitors));
    }
}
