using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Code that a page tells a stranger to type is code that the build compiles.</summary>
public sealed partial class ReadmeTests
{
    public static TheoryData<string> Guides() =>
    [
        .. Directory.GetFiles(Path.Combine(Repository.Root, "docs", "guides"), "*.md")
            .Where(static file => File.ReadAllText(file).Contains("<!-- from ", StringComparison.Ordinal))
            .Select(static file => Path.GetFileName(file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [InlineData("Program.cs")]
    [InlineData("appsettings.json")]
    [InlineData("kameleoon.json")]
    [InlineData("Pages/Index.cshtml")]
    [InlineData("Pages/Index.cshtml.cs")]
    public async Task The_quick_start_stands_in_the_readme_and_the_tutorial_as_it_is_compiled(string file)
    {
        var readme = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "README.md"));
        var tutorial = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "tutorials", "first-experiment.md"));
        var sample = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "samples", "QuickStart", file));

        sample.ShouldNotBeEmpty();
        readme.ShouldContain("\n" + sample.TrimEnd() + "\n```");
        tutorial.ShouldContain("\n" + sample.TrimEnd() + "\n```");
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public async Task A_snippet_that_names_its_file_stands_there(string guide)
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "guides", guide));
        var snippets = Snippets.Matches(page);

        snippets.Count.ShouldBe(page.Split("<!-- from ").Length - 1);
        foreach (Match snippet in snippets)
        {
            var source = await File.ReadAllTextAsync(Path.Combine(Repository.Root, snippet.Groups["file"].Value));
            WithoutIndent(source).ShouldContain(WithoutIndent(snippet.Groups["code"].Value).Trim());
        }
    }

    private static string WithoutIndent(string code) => string.Join('\n', code.Split('\n').Select(static line => line.Trim()));

    [GeneratedRegex("<!-- from (?<file>[^ ]+) -->\n```[a-z]+\n(?<code>[^`]+)```", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Snippets { get; }
}
