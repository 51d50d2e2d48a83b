using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the segments: <c>all</c> or <c>any</c> of a list of conditions, and lists of the other kind in it.
/// </summary>
internal static class ProjectSegments
{
    // In the data file these numbers stand as texts.
    private const string CustomDataIndex = "customDataIndex";

    /// <summary>Notes the names now; the conditions may speak of segments and flags that come later.</summary>
    internal static Func<IReadOnlyList<ProjectSegment>> Read(ProjectSection project, ProjectNames names)
    {
        var found = new List<ProjectSegment>();
        foreach (var (key, section) in project.NamedObjects("segments"))
        {
            var id = names.Id(section, $"segments/{key}");
            names.Segments[key] = id;
            var audience = section.Boolean("audience") ?? false;
            var created = section.Date("created");
            var changed = section.Date("changed");
            var all = section.Items("all").ToList();
            var any = section.Items("any").ToList();
            if (all.Count > 0 && any.Count > 0)
            {
                section.Mistake("any", "A segment has either \"all\" or \"any\". Put the one as an item into the other.");
            }

            section.ReportUnknownMembers();
            var isAny = any.Count > 0;
            names.RunWhenNamesAreKnown(() => found.Add(new ProjectSegment(
                id,
                key,
                audience,
                isAny,
                [.. (isAny ? any : all).Select(item => Group(item, isAny, names))],
                created,
                changed)));
        }

        return () => found;
    }

    private static ProjectCondition[] Group(SourceNode item, bool inAny, ProjectNames names)
    {
        var inner = inAny ? "all" : "any";
        if (item.Find(inner) is not { Kind: JsonTokenType.StartArray } list)
        {
            return [Condition(item, names)];
        }

        var section = ProjectSection.Of(item, names.Mistakes);
        section.Read(inner);
        section.ReportUnknownMembers();
        return [.. list.Items.Select(condition => Condition(condition, names))];
    }

    private static ProjectCondition Condition(SourceNode node, ProjectNames names)
    {
        var members = new List<KeyValuePair<string, object>>();
        if (node.Find("type") is not { Kind: JsonTokenType.String })
        {
            names.Mistakes.Add(
                node,
                "A condition has a type, as PAGE_URL; a list in it is \"any\" within \"all\", or \"all\" within \"any\", once.");
            return new ProjectCondition(members);
        }

        foreach (var (name, value) in node.Members)
        {
            members.Add(Member(name, value, names));
        }

        if (node.Find("not") is null)
        {
            members.Add(new("isInclude", true));
        }

        return new ProjectCondition(members);
    }

    private static KeyValuePair<string, object> Member(string name, SourceNode value, ProjectNames names) => name switch
    {
        "type" => new("targetingType", value.Text),
        "not" => new("isInclude", value.Kind != JsonTokenType.True),
        "customData" when names.Find(names.CustomData, value, "custom data") is { } slot =>
            new(CustomDataIndex, slot.Index.ToString(CultureInfo.InvariantCulture)),
        "segment" => new("segmentId", names.Find(names.Segments, value, "segment")),
        "flag" => new("featureFlagId", names.Find(names.Flags, value, "flag")),
        "goal" => new("goalId", names.Find(names.Goals, value, "goal")?.Id ?? 0),
        "values" => new("value", PlainJson(value)),
        _ => new(name, value),
    };

    internal static string PlainJson(SourceNode node)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            node.WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
