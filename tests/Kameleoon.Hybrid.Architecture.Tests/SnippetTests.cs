using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Code in tutorials and guides stands in a sample or a test, which the build compiles, or the page's source says why
/// not. A line with only an ellipsis stands for lines that are left out.</summary>
public sealed partial class SnippetTests
{
    private static readonly string[] Folders = ["tutorials", "guides"];

    private static readonly string[] Further =
    [
        "caching.md", "farms.md", "feature-management.md", "listeners.md", "operations.md", "projects.md", "sandbox.md",
        "trust.md",
    ];

    private static string Docs { get; } = Path.Combine(Repository.Root, "docs");

    public static TheoryData<string> Pages() =>
    [
        .. Folders
            .SelectMany(static folder => Directory.GetFiles(Path.Combine(Docs, folder), "*.md"))
            .Concat(Further.Select(static page => Path.Combine(Docs, page)))
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

    [Fact]
    public async Task Each_guide_names_a_sample_or_a_test_that_runs_it()
    {
        var contents = await File.ReadAllLinesAsync(Path.Combine(Docs, "guides", "toc.yml"));
        var guides = contents.Where(static line => line.Contains("href: ", StringComparison.Ordinal))
            .Select(static line => Path.GetFullPath(line.Split("href: ")[1].Trim(), Path.Combine(Docs, "guides")))
            .ToList();

        guides.Count.ShouldBeGreaterThan(20);
        guides.ShouldAllBe(guide => Runs.IsMatch(File.ReadAllText(guide)));
    }

    // Code of other languages may name a file, too.
    private static async Task<List<(string File, string Code)>> ReadAsync(string page) =>
    [
        .. Snippets.Matches(await File.ReadAllTextAsync(Path.Combine(Repository.Root, page)))
            .Select(static match => (match.Groups["language"].Value, File: match.Groups["reason"].Success ? "-" : match.Groups["file"].Value, match.Groups["code"].Value))
            .Where(static snippet => snippet.File is not "-" && (snippet.File.Length > 0 || snippet.Item1 is "csharp" or "cshtml" or "razor"))
            .Select(static snippet => (snippet.File, snippet.Item3)),
    ];

    private static string Trimmed(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Trim()));

    [GeneratedRegex(
        "(<!-- (from (?<file>[^ \n]+)|not compiled: (?<reason>[^\n]+)) -->\n)?^```(?<language>[a-z]+)\n(?<code>.*?)^```$",
        RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.Singleline,
        matchTimeoutMilliseconds: 5000)]
    private static partial Regex Snippets { get; }

    [GeneratedRegex("(samples|tests)/[A-Z]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Runs { get; }
}
