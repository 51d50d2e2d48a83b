using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Whoever builds a dashboard finds every signal on one page.</summary>
public sealed partial class OperationsTests
{
    [Fact]
    public async Task Every_metric_activity_and_log_event_stands_on_the_operations_page()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var diagnostics = Path.Combine(Repository.Root, "src", "Kameleoon.Hybrid", "Diagnostics");
        var names = Names.Matches(await File.ReadAllTextAsync(Path.Combine(diagnostics, "KameleoonMetrics.cs")))
            .Concat(Names.Matches(await File.ReadAllTextAsync(Path.Combine(diagnostics, "KameleoonActivities.cs"))))
            .Select(match => $"`{match.Groups["name"].Value}`").ToList();
        var messages = await Task.WhenAll(Directory.GetFiles(diagnostics, "Log.*.cs")
            .Select(file => File.ReadAllTextAsync(file)));
        var ids = Ids.Matches(string.Concat(messages))
            .Select(match => match.Groups["id"].Value).ToList();

        names.Count.ShouldBeGreaterThan(10);
        names.ShouldAllBe(name => page.Contains(name));
        ids.Count.ShouldBeGreaterThan(30);
        ids.ShouldBeUnique(StringComparer.Ordinal);
        ids.ShouldAllBe(id => Regex.IsMatch(
            page, $@"^\| [0-9, ]*\b{id}\b", RegexOptions.Multiline, TimeSpan.FromSeconds(1)));
    }

    [GeneratedRegex("\"(?<name>kameleoon\\.[a-z_.]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Names { get; }

    [GeneratedRegex(@"LoggerMessage\((?<id>\d+),", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Ids { get; }
}
