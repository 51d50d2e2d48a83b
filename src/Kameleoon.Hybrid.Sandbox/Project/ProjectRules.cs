using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the rules of a flag: a split is an experiment, a delivery gives one variation to all it lets in.
/// </summary>
internal static class ProjectRules
{
    internal const double MaxWeight = 1e6;

    internal static ProjectRule Read(
        string flag, int position, ProjectSection section, IReadOnlyList<ProjectVariation> variations, ProjectNames names)
    {
        var path = $"{flag}/{section.Text("name") ?? $"{position}"}";
        var delivered = section.Read("deliver");
        var split = section.Section("split");
        if ((delivered is null) == (split is null))
        {
            section.Mistake("split", "A rule has either \"split\", an experiment, or \"deliver\", a variation for all.");
        }

        foreach (var named in delivered is null
            ? split?.Node.Members ?? []
            : [KeyValuePair.Create(delivered.Text, delivered)])
        {
            if (variations.All(variation => !variation.Key.Is(named.Key)))
            {
                names.Mistakes.Add(named.Value, $"No variation of {flag} is called \"{named.Key}\".");
            }
        }

        var experiment = names.Id(section, $"experiments/{path}", "experiment");
        var variationId = section.Id("variationId");
        var segment = section.Read("segment");
        var rule = new ProjectRule(
            names.Id(section, $"rules/{path}"),
            experiment,
            delivered is not null,
            segment is null ? null : names.Find(names.Segments, segment, "segment"),
            (section.Number("traffic", 0, 100) ?? 100) / 100,
            section.Id("respoolTime"),
            delivered is not null
                ? [new ProjectShare(delivered.Text, variationId ?? StableId.Of($"{path}/{delivered.Text}"), 1)]
                : Shares(split?.Node, path, names),
            section.Text("name") ?? flag,
            names.GoalsOf(section),
            names.IntegrationsOf(section));
        section.ReportUnknownMembers();
        return rule;
    }

    private static List<ProjectShare> Shares(SourceNode? split, string path, ProjectNames names)
    {
        var parts = (split?.Members ?? []).ConvertAll(part => Part(part.Key, part.Value, path, names));
        var total = parts.Sum(part => part.Share);
        if (split is not null && total <= 0)
        {
            names.Mistakes.Add(split, "A split needs a variation with a weight above 0.");
            return parts;
        }

        var shares = parts.ConvertAll(part => part with { Share = part.Share / total });
        if (shares.FindLastIndex(share => share.Share > 0) is var last and >= 0)
        {
            // Without this, rounding could leave some visitors without a variation.
            shares[last] = shares[last] with { Share = 1 - shares.Take(last).Sum(share => share.Share) };
        }

        return shares;
    }

    // A weight alone, or { "weight": 1, "id": 81001 }.
    private static ProjectShare Part(string key, SourceNode value, string path, ProjectNames names)
    {
        if (value.IsObject)
        {
            var section = ProjectSection.Of(value, names.Mistakes);
            var share = new ProjectShare(
                key, names.Id(section, $"{path}/{key}", kind: $"variations of {path}"), section.Number("weight", 0, MaxWeight) ?? 0);
            section.ReportUnknownMembers();
            return share;
        }

        var isWeight = value.Kind == JsonTokenType.Number && value.Number is >= 0 and <= MaxWeight;
        if (!isWeight)
        {
            names.Mistakes.Add(value, "This has to be a weight, a number from 0 to 1000000.");
        }

        return new ProjectShare(key, StableId.Of($"{path}/{key}"), isWeight ? value.Number : 0);
    }
}
