using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Code in tutorials and guides stands in a sample or a test, which the build compiles. A line with only an
/// ellipsis stands for lines that are left out.</summary>
public sealed partial class SnippetTests
{
    private static readonly string[] Folders = ["tutorials", "guides"];

    public static TheoryData<string> Pages() =>
    [
        .. Folders
            .SelectMany(static folder => Directory.GetFiles(Path.Combine(Repository.Root, "docs", folder), "*.md"))
            .Where(static file => Path.GetFileName(file) is not "qa-in-production.md")
            .Select(static file => Path.GetRelativePath(Repository.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Code_of_a_page_stands_in_the_file_that_it_names(string page)
    {
        foreach (var snippet in await ReadAsync(page))
        {
            snippet.File.ShouldNotBeEmpty($"This code names no file: {snippet.Code}");
            var source = Trimmed(await File.ReadAllTextAsync(Path.Combine(Repository.Root, snippet.File)));
            var start = 0;
            foreach (var part in Trimmed(snippet.Code).Split("\n…\n").Select(static part => part.Trim()))
            {
                source[start..].ShouldContain(part, Case.Sensitive, $"{snippet.File} has no such lines.");
                start = source.IndexOf(part, start, StringComparison.Ordinal) + part.Length;
            }
        }
    }

    // Code of other languages may name a file, too.
    private static async Task<List<(string File, string Code)>> ReadAsync(string page) =>
    [
        .. Snippets.Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page)))
            .Select(static match => (match.Groups["language"].Value, File: match.Groups["file"].Value, match.Groups["code"].Value))
            .Where(static snippet => snippet.File.Length > 0 || snippet.Item1 is "csharp" or "cshtml" or "razor")
            .Select(static snippet => (snippet.File, snippet.Item3)),
    ];

    private static string Trimmed(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Trim()));

    [GeneratedRegex(
        "(<!-- from (?<file>[^ \n]+) -->\n)?^```(?<language>[a-z]+)\n(?<code>.*?)^```$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Snippets { get; }
}
