namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads a project and reports all of its mistakes at once.</summary>
internal static class ProjectReader
{
    private static readonly string[] Members =
    [
        "$schema", "site", "flags", "experiments", "personalizations", "segments", "goals", "customData", "engine",
        "integrations", "holdout",
    ];

    /// <summary>Whether a document is a project rather than a data file of the platform.</summary>
    internal static bool IsProject(SourceNode root) => root.IsObject
        && root.Find("featureFlags") is null
        && root.Find("configuration") is null
        && Array.Exists(Members, name => root.Find(name) is not null);

    /// <exception cref="ProjectException">The project has mistakes.</exception>
    internal static Project Read(SourceNode root)
    {
        var mistakes = new Mistakes();
        var section = ProjectSection.Of(root, mistakes);
        var names = new ProjectNames(mistakes);
        var site = Site(section.Section("site"));
        CustomDataOf(section, names);
        GoalsOf(section, names);
        var segments = ProjectSegments.Read(section, names);
        var holdout = Holdout(section.Section("holdout"), names);
        ProjectIntegrations.Read(section, names);
        var flags = ProjectFlags.Read(section, names);
        var engine = new ProjectEngine(
            section.Section("engine")?.Node,
            ProjectCampaigns.Read(section, "experiments", names),
            ProjectCampaigns.Read(section, "personalizations", names),
            [.. names.Integrations]);
        section.ReportUnknownMembers();
        names.RunDeferred();
        ProjectSchema.Check(root, mistakes);
        return mistakes.Found.Count > 0
            ? throw new ProjectException(mistakes.Found)
            : new Project(
                site, [.. names.CustomData.Values], [.. names.Goals.Values], segments(), holdout, flags, engine);
    }

    private static ProjectSite Site(ProjectSection? section)
    {
        var site = new ProjectSite(
            section?.OneOf("consent", "required", "notRequired") is "required",
            section?.OneOf("afterRefusal", "partiallyBlock", "fullyBlock") is "fullyBlock",
            section?.Boolean("realTimeUpdate") ?? true,
            section?.Text("dataDomain"));
        section?.ReportUnknownMembers();
        return site;
    }

    private static void CustomDataOf(ProjectSection project, ProjectNames names)
    {
        foreach (var (key, section) in project.NamedObjects("customData"))
        {
            var index = (int)(section.Number("index", 0, 10_000) ?? names.CustomData.Count);
            if (names.CustomData.Values.FirstOrDefault(other => other.Index == index) is { } taken)
            {
                section.Mistake("index", $"The index {index} belongs to \"{taken.Name}\" already.");
            }

            names.CustomData[key] = new ProjectCustomData(
                names.Id(section, $"customData/{key}"),
                index,
                key,
                (section.OneOf("scope", "visit", "visitor", "page") ?? "visit").ToUpperInvariant(),
                section.Boolean("localOnly") ?? false,
                section.Boolean("mappingIdentifier") ?? false,
                section.Text("type"));
            section.ReportUnknownMembers();
        }
    }

    private static void GoalsOf(ProjectSection project, ProjectNames names)
    {
        foreach (var (key, section) in project.NamedObjects("goals"))
        {
            // What a goal watches for is the engine's to read.
            names.Goals[key] = new ProjectGoal(
                names.Id(section, $"goals/{key}"), key, section.Text("name") ?? key, section.Node);
        }
    }

    private static ProjectHoldout? Holdout(ProjectSection? section, ProjectNames names)
    {
        if (section is null)
        {
            return null;
        }

        var holdout = new ProjectHoldout(
            names.Id(section, "holdout", kind: "experiments"),
            names.Id(section, "holdout/in", "inHoldoutId"),
            names.Id(section, "holdout/out", "notInHoldoutId"),
            (section.Number("percent", 0, 100) ?? 0) / 100);
        section.ReportUnknownMembers();
        return holdout;
    }
}
