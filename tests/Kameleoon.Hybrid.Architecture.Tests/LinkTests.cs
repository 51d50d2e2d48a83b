using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Links between the pages of the repository. The documentation site has tests of its own in its build.</summary>
public sealed partial class LinkTests
{
    public static TheoryData<string> Pages() =>
    [
        .. Directory.GetFiles(Repository.Root, "*.md")
            .Concat(Directory.GetFiles(Path.Combine(Repository.Root, "docs"), "*.md", SearchOption.AllDirectories))
            .Select(static file => Path.GetRelativePath(Repository.Root, file))
            .Order(StringComparer.Ordinal),
    ];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_file_and_heading_that_a_page_links_to_exists(string page)
    {
        var path = Path.Combine(Repository.Root, page);
        var missing = new List<string>();

        foreach (var link in Links.Matches(await File.ReadAllTextAsync(path)).Select(static match => match.Groups["link"].Value))
        {
            var parts = link.Split('#', 2);
            var (file, heading) = (parts[0], parts.ElementAtOrDefault(1) ?? "");
            var target = file.Length == 0 ? path : Path.GetFullPath(file, Path.GetDirectoryName(path)!);
            if (!Path.Exists(target) || (heading.Length > 0 && !(await HeadingsAsync(target)).Contains(heading)))
            {
                missing.Add(link);
            }
        }

        missing.ShouldBeEmpty();
    }

    [Fact]
    public async Task Every_page_of_the_documentation_is_in_a_table_of_contents_and_on_the_index()
    {
        var docs = Path.Combine(Repository.Root, "docs");
        var contents = string.Concat(await Task.WhenAll(Directory.GetFiles(docs, "toc.yml", SearchOption.AllDirectories)
            .Select(static file => File.ReadAllTextAsync(file))));
        var index = await File.ReadAllTextAsync(Path.Combine(docs, "index.md"));

        var pages = Directory.GetFiles(docs, "*.md", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(docs, file)).Where(static page => page is not "index.md").ToList();

        pages.Count.ShouldBeGreaterThan(15);
        pages.ShouldAllBe(page => index.Contains($"({page}"));
        pages.ShouldAllBe(page => contents.Contains(Path.GetFileName(page)));
    }

    // As GitHub and docfx name a heading: lower case, without punctuation, with hyphens for spaces.
    private static async Task<HashSet<string>> HeadingsAsync(string page) =>
    [
        .. Headings.Matches(await File.ReadAllTextAsync(page)).Select(static match => string.Concat(
            match.Groups["text"].Value.Replace(' ', '-')
                .Where(static letter => char.IsLetterOrDigit(letter) || letter is '-' or '_')
                .Select(char.ToLowerInvariant))),
    ];

    [GeneratedRegex(@"\]\((?!https?:|xref:)(?<link>[^)\s]+)\)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Links { get; }

    [GeneratedRegex("^#+ (?<text>.+)$", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 5000)]
    private static partial Regex Headings { get; }
}
