using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Reads the members of one object of a project, and reports invalid and unknown ones as mistakes.</summary>
internal sealed class ProjectSection(SourceNode node, Mistakes mistakes)
{
    private readonly HashSet<string> _known = new(StringComparer.Ordinal) { "$schema", "comment" };

    internal SourceNode Node => node;

    /// <summary>Reads a node that has to be an object. Another value is a mistake and reads as an empty object.</summary>
    internal static ProjectSection Of(SourceNode node, Mistakes mistakes)
    {
        if (!node.IsObject)
        {
            mistakes.Add(node, "This has to be an object, in braces.");
        }

        return new ProjectSection(node, mistakes);
    }

    internal SourceNode? Read(string name)
    {
        _known.Add(name);
        return node.Find(name) is { Kind: not JsonTokenType.Null } found ? found : null;
    }

    internal string? Text(string name) =>
        Read(name) is { } found ? Expect(found, JsonTokenType.String, "a text")?.Text : null;

    internal string? OneOf(string name, params string[] allowed)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }

        if (allowed.Contains(text, StringComparer.Ordinal))
        {
            return text;
        }

        mistakes.Add(node.Find(name)!, $"\"{text}\" has to be one of {string.Join(", ", allowed)}.");
        return null;
    }

    internal bool? Boolean(string name) => Read(name) switch
    {
        null => null,
        { Kind: JsonTokenType.True } => true,
        { Kind: JsonTokenType.False } => false,
        { } other => Wrong<bool?>(other, "true or false"),
    };

    /// <summary>A day or an instant; without an offset it is UTC.</summary>
    internal DateTimeOffset? Date(string name)
    {
        if (Read(name) is not { } found || Expect(found, JsonTokenType.String, "a date as 2026-01-31") is not { } text)
        {
            return null;
        }

        return DateTimeOffset.TryParse(
            text.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var date)
            ? date
            : Wrong<DateTimeOffset?>(found, "a date as 2026-01-31");
    }

    internal double? Number(string name, double min, double max)
    {
        if (Read(name) is not { } found || Expect(found, JsonTokenType.Number, "a number") is not { } number)
        {
            return null;
        }

        if (number.Number >= min && number.Number <= max)
        {
            return number.Number;
        }

        return Wrong<double?>(found, string.Create(CultureInfo.InvariantCulture, $"a number from {min} to {max}"));
    }

    internal long? Id(string name)
    {
        if (Read(name) is not { } found)
        {
            return null;
        }

        return found.Kind == JsonTokenType.Number
            && long.TryParse(found.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0
            ? id
            : Wrong<long?>(found, "a whole number above 0");
    }

    /// <summary>The named objects of a member, in the order they stand.</summary>
    internal IEnumerable<(string Key, ProjectSection Section)> NamedObjects(string name)
    {
        if (Read(name) is not { } found)
        {
            yield break;
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (key, value) in Of(found, mistakes).Node.Members)
        {
            if (!seen.Add(key))
            {
                mistakes.Add(value, $"\"{key}\" stands twice.");
                continue;
            }

            yield return (key, Of(value, mistakes));
        }
    }

    internal IEnumerable<SourceNode> Items(string name)
    {
        if (Read(name) is not { } found)
        {
            return [];
        }

        return Expect(found, JsonTokenType.StartArray, "a list, in square brackets")?.Items ?? [];
    }

    /// <summary>The texts of a list.</summary>
    internal IReadOnlyList<string> Texts(string name) =>
        [.. Items(name).Select(item => Expect(item, JsonTokenType.String, "a text")?.Text).OfType<string>()];

    internal ProjectSection? Section(string name) => Read(name) is { } found ? Of(found, mistakes) : null;

    /// <summary>Reports members that were never read, because most of them are misspelled, and members that stand twice.
    /// </summary>
    internal void ReportUnknownMembers()
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (name, value) in node.Members)
        {
            if (!_known.Contains(name))
            {
                var known = _known.Where(asked => asked[0] != '$').Order(StringComparer.Ordinal);
                mistakes.Add(value, $"\"{name}\" is not known here. Known are {string.Join(", ", known)}.");
            }
            else if (!seen.Add(name))
            {
                mistakes.Add(value, $"\"{name}\" stands twice.");
            }
        }
    }

    internal void Mistake(string name, string reason) => mistakes.Add(node.Find(name) ?? node, reason);

    private SourceNode? Expect(SourceNode found, JsonTokenType kind, string expected) =>
        found.Kind == kind ? found : Wrong<SourceNode?>(found, expected);

    private T? Wrong<T>(SourceNode found, string expected)
    {
        mistakes.Add(found, $"This has to be {expected}.");
        return default;
    }
}
