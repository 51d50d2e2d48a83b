using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Checks a project by the JSON schema that editors check it by, so that both find the same mistakes.</summary>
/// <remarks>It knows the keywords that the schema uses, and no others.</remarks>
internal sealed class ProjectSchema(Mistakes mistakes)
{
    private static readonly SourceNode Root = SourceNode.Parse(EmbeddedFile.Read("project.schema.json"));

    // An editor reads it, not the sandbox.
    private const string SchemaMember = "$schema";

    /// <summary>Adds what is wrong with a document, except for what is reported already.</summary>
    internal static void Check(SourceNode document, Mistakes mistakes) => new ProjectSchema(mistakes).Check(document, Root);

    /// <summary>Whether a document follows the schema.</summary>
    internal static bool Accepts(SourceNode document)
    {
        var mistakes = new Mistakes();
        Check(document, mistakes);
        return mistakes.Found.Count == 0;
    }

    private void Check(SourceNode node, SourceNode schema)
    {
        var rules = Resolve(schema);
        if (rules.Find("anyOf") is { } alternatives)
        {
            CheckAny(node, alternatives.Items.ConvertAll(Resolve));
        }
        else if (rules.Find("type") is { } type && !IsOf(node, type))
        {
            Add(node, $"This has to be {Describe(type)}.");
        }
        else if (FindWrongValue(node, rules) is { } reason)
        {
            Add(node, reason);
        }
        else if (node.IsObject)
        {
            CheckMembers(node, rules);
        }
        else if (node.Kind == JsonTokenType.StartArray && rules.Find("items") is { } items)
        {
            node.Items.ForEach(item => Check(item, items));
        }
    }

    // What is wrong with the alternative that was meant says more than that none of them fits.
    private void CheckAny(SourceNode node, List<SourceNode> alternatives)
    {
        if (alternatives.Exists(one => Fits(node, one)))
        {
            return;
        }

        var meant = alternatives.FindAll(one => one.Find("type") is { } type && IsOf(node, type));
        if (meant.Count > 1 && meant.Find(one => Required(one).All(name => node.Find(name) is not null)) is { } complete)
        {
            meant = [complete];
        }

        if (meant.Count > 0)
        {
            Check(node, meant[0]);
        }
        else
        {
            Add(node, $"This has to be {string.Join(", or ", alternatives.Select(Expectation))}.");
        }
    }

    private void CheckMembers(SourceNode node, SourceNode rules)
    {
        foreach (var name in Required(rules).Where(name => node.Find(name) is null))
        {
            Add(node, $"The member \"{name}\" is missing.");
        }

        var known = rules.Find("properties");
        var others = rules.Find("additionalProperties");
        foreach (var (name, value) in node.Members)
        {
            if (known?.Find(name) is { } own)
            {
                Check(value, own);
            }
            else if (others is { Kind: JsonTokenType.False })
            {
                var names = (known?.Members ?? []).Select(member => member.Key).Where(one => one is not SchemaMember);
                Add(value, $"\"{name}\" is not known here. Known are {string.Join(", ", names.Order(StringComparer.Ordinal))}.");
            }
            else if (others is { IsObject: true })
            {
                Check(value, others);
            }
        }
    }

    private static string? FindWrongValue(SourceNode node, SourceNode rules)
    {
        if (rules.Find("enum") is { } allowed && !allowed.Items.Exists(one => IsSame(one, node)))
        {
            return $"\"{node.Text}\" has to be one of {string.Join(", ", allowed.Items.Select(one => one.Text))}.";
        }

        if (rules.Find("const") is { } only && !IsSame(only, node))
        {
            return $"This has to be {only.Text}.";
        }

        return node.Kind == JsonTokenType.Number
            && (node.Number < (rules.Find("minimum")?.Number ?? double.NegativeInfinity)
                || node.Number > (rules.Find("maximum")?.Number ?? double.PositiveInfinity))
            ? $"This has to be {Range(rules.Find("minimum"), rules.Find("maximum"))}."
            : null;
    }

    private static string Range(SourceNode? min, SourceNode? max) => (min, max) switch
    {
        ({ } from, { } to) => $"a number from {from.Text} to {to.Text}",
        ({ } from, null) => $"a number from {from.Text}",
        _ => $"a number up to {max?.Text}",
    };

    private static bool Fits(SourceNode node, SourceNode schema)
    {
        var mistakes = new Mistakes();
        new ProjectSchema(mistakes).Check(node, schema);
        return mistakes.Found.Count == 0;
    }

    private static SourceNode Resolve(SourceNode schema)
    {
        while (schema.Find("$ref") is { } reference)
        {
            schema = reference.Text.Split('/').Skip(1).Aggregate(Root, (node, name) => node.Find(name)!);
        }

        return schema;
    }

    private static IEnumerable<string> Required(SourceNode rules) => (rules.Find("required")?.Items ?? []).Select(one => one.Text);

    private static bool IsSame(SourceNode one, SourceNode other) => one.Kind == other.Kind && one.Text.Is(other.Text);

    private static bool IsOf(SourceNode node, SourceNode type) => type.Kind == JsonTokenType.StartArray
        ? type.Items.Exists(one => IsOf(node, one))
        : type.Text switch
        {
            "string" => node.Kind == JsonTokenType.String,
            "number" => node.Kind == JsonTokenType.Number,
            "integer" => node.Kind == JsonTokenType.Number
                && long.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _),
            "boolean" => node.Kind is JsonTokenType.True or JsonTokenType.False,
            "array" => node.Kind == JsonTokenType.StartArray,
            _ => node.IsObject,
        };

    private static string Expectation(SourceNode schema) => schema.Find("type") is { } type ? Describe(type)
        : schema.Find("const") is { } only ? only.Text
        : $"one of {string.Join(", ", (schema.Find("enum")?.Items ?? []).Select(one => one.Text))}";

    private static string Describe(SourceNode type) => type.Kind == JsonTokenType.StartArray
        ? string.Join(" or ", type.Items.Select(Describe))
        : type.Text switch
        {
            "string" => "a text",
            "number" => "a number",
            "integer" => "a whole number",
            "boolean" => "true or false",
            "array" => "a list, in square brackets",
            _ => "an object, in braces",
        };

    private void Add(SourceNode node, string reason)
    {
        if (!mistakes.Found.Any(known => known.Line == node.Line && known.Path.Is(node.Path)))
        {
            mistakes.Add(node, reason);
        }
    }
}
