using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the variations of a flag and their variables.</summary>
internal static class ProjectVariations
{
    internal static List<ProjectVariation> Read(ProjectSection flag, Mistakes mistakes)
    {
        var shared = Shared(flag, mistakes);
        var variations = new List<ProjectVariation>();
        foreach (var (key, section) in flag.NamedObjects("variations"))
        {
            variations.Add(new ProjectVariation(
                key, section.Text("name") ?? key, Merge(shared, Variables(section.Section("variables")?.Node, mistakes))));
            section.ReportUnknownMembers();
        }

        return variations;
    }

    /// <summary>The variables every variation has unless it says otherwise.</summary>
    internal static List<ProjectVariable> Shared(ProjectSection flag, Mistakes mistakes) =>
        Variables(flag.Section("variables")?.Node, mistakes);

    private static List<ProjectVariable> Merge(List<ProjectVariable> shared, List<ProjectVariable> own) =>
    [
        .. shared.Select(variable => own.FirstOrDefault(mine => mine.Key.Is(variable.Key)) ?? variable),
        .. own.Where(mine => shared.All(variable => !variable.Key.Is(mine.Key))),
    ];

    private static List<ProjectVariable> Variables(SourceNode? node, Mistakes mistakes) =>
        [.. (node?.Members ?? []).Select(member => Variable(member.Key, member.Value, mistakes))];

    private static ProjectVariable Variable(string key, SourceNode value, Mistakes mistakes)
    {
        switch (value.Kind)
        {
            case JsonTokenType.True or JsonTokenType.False:
                return new(key, "BOOLEAN", value.Kind == JsonTokenType.True);
            case JsonTokenType.Number:
                return new(key, "NUMBER", value);
            case JsonTokenType.String:
                return new(key, "STRING", value.Text);
            case JsonTokenType.StartObject when value.Members is [{ Key: "$js" or "$css" } code]:
                return new(key, code.Key[1..].ToUpperInvariant(), code.Value.Text);
            case JsonTokenType.StartObject or JsonTokenType.StartArray:
                return new(key, "JSON", ProjectSegments.PlainJson(value));
            default:
                mistakes.Add(value, "A variable is true, false, a number, a text, an object or a list.");
                return new(key, "STRING", "");
        }
    }
}
