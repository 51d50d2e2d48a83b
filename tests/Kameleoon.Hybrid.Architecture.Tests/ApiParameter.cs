namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>A parameter of a public member.</summary>
internal sealed record ApiParameter(string Name, bool IsOptional)
{
    /// <summary>Reads the parameters between two parentheses. The object that a method extends is none.</summary>
    internal static IEnumerable<ApiParameter> ReadAll(string text) =>
        Split(text).Where(parameter => parameter.Length > 0 && !parameter.StartsWith("this ", StringComparison.Ordinal)).Select(Read);

    private static ApiParameter Read(string text)
    {
        var named = text.Split(" = ");
        return new ApiParameter(
            named[0].Split(' ')[^1], named.Length > 1 || text.StartsWith("params ", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Split(string text)
    {
        var (depth, start) = (0, 0);
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch
            {
                '(' or '<' => 1,
                ')' or '>' => -1,
                _ => 0,
            };
            if (depth == 0 && text[i] == ',')
            {
                yield return text[start..i].Trim();
                start = i + 1;
            }
        }

        yield return text[start..].Trim();
    }
}
