namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the experiments and personalizations that the browser engine decides.</summary>
/// <remarks>Ids, names, shares and references are checked; all other members go to the engine as they stand.</remarks>
internal static class ProjectCampaigns
{
    internal static IReadOnlyList<ProjectCampaign> Read(ProjectSection project, string kind, ProjectNames names)
    {
        var campaigns = new List<ProjectCampaign>();
        foreach (var (key, section) in project.NamedObjects(kind))
        {
            var id = names.Id(section, $"{kind}/{key}");
            var segment = section.Read("segment");
            names.IntegrationsOf(section);
            campaigns.Add(new ProjectCampaign(
                id,
                section.Text("name") ?? key,
                segment is null ? null : names.Find(names.Segments, segment, "segment"),
                names.GoalsOf(section),
                Variations(section, $"{kind}/{key}#{id}", names),
                section.Node));
        }

        return campaigns;
    }

    private static List<ProjectWebVariation> Variations(
        ProjectSection campaign, string prefix, ProjectNames names)
    {
        var parts = campaign.NamedObjects("variations").Select(variation => (
            variation.Key,
            variation.Section,
            Id: variation.Key is "reference"
                ? 0
                : names.Id(variation.Section, $"{prefix}/{variation.Key}", kind: $"variations of {prefix}"),
            Weight: variation.Section.Number("weight", 0, ProjectRules.MaxWeight) ?? 1)).ToList();
        var total = parts.Sum(part => part.Weight);
        return parts.ConvertAll(part => new ProjectWebVariation(
            part.Id, part.Section.Text("name") ?? part.Key, total > 0 ? part.Weight / total : 0, part.Section.Node));
    }
}
