using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>What the public API has, by the baselines in <c>api/</c>.</summary>
internal static partial class ApiBaseline
{
    /// <summary>The members of each type as they stand there, by the type's short name.</summary>
    private static readonly ILookup<string, string> Members = Repository.Packages
        .Select(package => File.ReadAllText(Path.Combine(Repository.Root, "api", package + ".txt")))
        .SelectMany(text => text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries))
        .Select(type => type.Trim('\n').Split('\n'))
        .SelectMany(lines => lines.Skip(1).Append("").Select(line => (Type: TypeName.Match(lines[0]).Groups["name"].Value, Line: line.Trim())))
        .ToLookup(member => member.Type, member => member.Line, StringComparer.Ordinal);

    internal static bool HasType(string type) => Members.Contains(type);

    /// <summary>Whether a type has a member of that name with parameters of those names, in that order; others may follow if
    /// they are optional.</summary>
    /// <param name="type">The type's short name.</param>
    /// <param name="member">The member, or the type itself for its constructors.</param>
    /// <param name="parameters">The names of the parameters; null for any.</param>
    internal static bool Has(string type, string member, string[]? parameters = null) => Members[type].Any(line =>
        MemberName.Match(line) is { Success: true } found
        && found.Groups["name"].Value == member
        && (parameters is null || Fits(line, parameters)));

    /// <summary>Whether any public type has an extension or other method of that name.</summary>
    internal static bool HasMethod(string method, string[]? parameters) => Members.Any(type =>
        type.Any(line => line.StartsWith("static ", StringComparison.Ordinal)
            && MemberName.Match(line).Groups["name"].Value == method
            && (parameters is null || Fits(line, parameters))));

    /// <summary>The type of a property, by its short name.</summary>
    internal static string? TypeOf(string type, string property) => Members[type]
        .Where(line => line.Contains($" {property} {{", StringComparison.Ordinal))
        .Select(line => line[..line.IndexOf($" {property} {{", StringComparison.Ordinal)].TrimEnd('?').Split('.')[^1])
        .FirstOrDefault();

    private static bool Fits(string line, string[] wanted)
    {
        if (line.IndexOf('(', StringComparison.Ordinal) is not (>= 0 and var open))
        {
            return false;
        }

        var parameters = ParametersOf(line[(open + 1)..]).ToList();

        // Named arguments may leave out what is optional.
        var place = 0;
        foreach (var name in wanted)
        {
            while (place < parameters.Count && parameters[place].Name != name && parameters[place].IsOptional)
            {
                place++;
            }

            if (place == parameters.Count || parameters[place++].Name != name)
            {
                return false;
            }
        }

        return parameters.Skip(place).All(left => left.IsOptional);
    }

    /// <summary>The parameters that follow an opening parenthesis; whose object a method extends is none.</summary>
    private static IEnumerable<(string Name, bool IsOptional)> ParametersOf(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length && depth >= 0; i++)
        {
            depth += text[i] switch
            {
                '(' or '<' => 1,
                ')' or '>' => -1,
                _ => 0,
            };
            if (depth < 0 || (depth == 0 && text[i] == ','))
            {
                var parameter = text[start..i].Trim();
                start = i + 1;
                if (parameter.Length > 0 && !parameter.StartsWith("this ", StringComparison.Ordinal))
                {
                    var named = parameter.Split(" = ");
                    yield return (named[0].Split(' ')[^1], named.Length > 1 || parameter.StartsWith("params ", StringComparison.Ordinal));
                }
            }
        }
    }

    [GeneratedRegex(@"(?<name>\w+)(<[^>]*>)?(\s+where .*)?$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex TypeName { get; }

    [GeneratedRegex(@"(?<name>\w+)(<\w+>)?(\(| \{| = |$)", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex MemberName { get; }
}
