using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>What the public API has, by the files <c>PublicAPI.*.txt</c> that the build compares with the code.</summary>
internal static partial class ApiBaseline
{
    private static readonly string[] Lines =
    [
        .. Repository.Packages
            .SelectMany(package => Directory.GetFiles(Path.Combine(Repository.Root, "src", package), "PublicAPI.*.txt"))
            .SelectMany(File.ReadLines)
            .Where(line => line.Length > 0 && line[0] != '#'),
    ];

    // A line without a result is a type.
    private static readonly HashSet<string> Types =
    [
        .. Lines.Where(line => !line.Contains(" -> ", StringComparison.Ordinal)).Select(line => Name.Match(line).Groups["name"].Value),
    ];

    private static readonly ILookup<string, Member> Members = Lines
        .Where(line => line.Contains(" -> ", StringComparison.Ordinal))
        .Select(Read)
        .ToLookup(member => member.Type, StringComparer.Ordinal);

    internal static bool HasType(string type) => Types.Contains(type);

    /// <summary>Whether a type has a member of that name with parameters of those names, in that order; others may follow if
    /// they are optional.</summary>
    /// <param name="type">The type's short name.</param>
    /// <param name="member">The member, or the type itself for its constructors.</param>
    /// <param name="parameters">The names of the parameters; null for any.</param>
    internal static bool Has(string type, string member, string[]? parameters = null) =>
        Members[type].Any(one => one.Name == member && (parameters is null || one.Fits(parameters)));

    /// <summary>Whether any public type has an extension or other static method of that name.</summary>
    internal static bool HasMethod(string method, string[]? parameters) =>
        Members.Any(type => type.Any(one =>
            one.IsStatic && one.Name == method && (parameters is null || one.Fits(parameters))));

    /// <summary>The type of a property, by its short name.</summary>
    internal static string? TypeOf(string type, string property) => Members[type]
        .Where(one => one.Name == property && one.Parameters is null)
        .Select(one => Name.Match(one.Result).Groups["name"].Value)
        .FirstOrDefault();

    // Modifiers, then the type with its namespace, a point, the member, and an accessor, a value or parameters.
    private static Member Read(string line)
    {
        var arrow = line.LastIndexOf(" -> ", StringComparison.Ordinal);
        var signature = line[..arrow];
        var open = signature.IndexOf('(', StringComparison.Ordinal);
        var path = TypeArguments.Replace(open < 0 ? signature.Split(" = ")[0] : signature[..open], "").Split(' ')[^1].Split('.');
        if (open < 0 && path[^1] is "get" or "set" or "init")
        {
            path = path[..^1];
        }

        return new Member(
            path.Length > 1 ? path[^2] : "",
            path[^1],
            open < 0 ? null : signature[(open + 1)..signature.LastIndexOf(')')],
            line[(arrow + 4)..],
            line.StartsWith("static ", StringComparison.Ordinal));
    }

    // Parameters is the text between the parentheses; null for a property, a field or a constant.
    private sealed record Member(string Type, string Name, string? Parameters, string Result, bool IsStatic)
    {
        internal bool Fits(string[] wanted)
        {
            if (Parameters is null)
            {
                return false;
            }

            var parameters = ApiParameter.ReadAll(Parameters).ToList();

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
    }

    [GeneratedRegex(@"(?<name>\w+)(<.*>)?[?!]*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Name { get; }

    [GeneratedRegex("<[^<>]*>", RegexOptions.NonBacktracking)]
    private static partial Regex TypeArguments { get; }
}
