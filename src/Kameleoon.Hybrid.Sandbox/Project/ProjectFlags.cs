using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the feature flags.</summary>
internal static class ProjectFlags
{
    private const string Off = "off";

    internal static IReadOnlyList<ProjectFlag> Read(ProjectSection project, ProjectNames names)
    {
        var flags = new List<ProjectFlag>();
        foreach (var (key, section) in project.NamedObjects("flags"))
        {
            flags.Add(Flag(key, section, names));
        }

        return flags;
    }

    private static ProjectFlag Flag(string key, ProjectSection section, ProjectNames names)
    {
        var id = names.Id(section, $"flags/{key}");
        names.Flags[key] = id;
        var variations = ProjectVariations.Read(section, names.Mistakes);
        var standard = section.Text("default") ?? Off;
        if (variations.All(variation => !variation.Key.Is(standard)))
        {
            if (standard.Is(Off))
            {
                variations.Insert(0, new ProjectVariation(Off, "Off", ProjectVariations.Shared(section, names.Mistakes)));
            }
            else
            {
                section.Mistake("default", $"No variation of {key} is called \"{standard}\".");
            }
        }

        var bucketBy = section.Read("bucketBy");
        if (bucketBy is not null)
        {
            names.Find(names.CustomData, bucketBy, "custom data");
        }

        var rules = new List<ProjectRule>();
        foreach (var node in section.Items("rules"))
        {
            rules.Add(ProjectRules.Read(key, rules.Count, ProjectSection.Of(node, names.Mistakes), variations, names));
        }

        var flag = new ProjectFlag(
            id,
            key,
            Environments(section, names.Mistakes),
            standard,
            section.Text("group"),
            bucketBy?.Text,
            variations,
            rules);
        section.ReportUnknownMembers();
        return flag;
    }

    // true and false hold everywhere; an object names the environments, and * the rest.
    private static Dictionary<string, bool> Environments(ProjectSection section, Mistakes mistakes)
    {
        if (section.Read("enabled") is not { IsObject: true } found)
        {
            return new(StringComparer.Ordinal) { ["*"] = section.Boolean("enabled") ?? true };
        }

        var environments = new Dictionary<string, bool>(StringComparer.Ordinal);
        foreach (var (name, value) in found.Members)
        {
            if (value.Kind is not (JsonTokenType.True or JsonTokenType.False))
            {
                mistakes.Add(value, "This has to be true or false.");
            }

            environments[name] = value.Kind == JsonTokenType.True;
        }

        return environments;
    }
}
