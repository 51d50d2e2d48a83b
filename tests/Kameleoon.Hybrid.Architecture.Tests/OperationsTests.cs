using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Operators find every signal in the documentation.</summary>
public sealed partial class OperationsTests
{
    [Fact]
    public async Task Alerts_of_the_operations_page_are_log_events()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var ids = Reference.LogEventPage.Events.Select(static message => message.EventId).ToHashSet();
        var alerts = Alerts.Matches(page).SelectMany(static row => row.Groups["ids"].Value.Split([' ', ',', '|'], StringSplitOptions.RemoveEmptyEntries))
            .Select(static id => int.Parse(id, CultureInfo.InvariantCulture)).ToList();

        alerts.Count.ShouldBeGreaterThan(20);
        alerts.ShouldAllBe(id => ids.Contains(id));
    }

    [Fact]
    public async Task The_board_asks_for_metrics_that_exist()
    {
        using var board = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "grafana.json")));
        var queries = board.RootElement.GetProperty("panels").EnumerateArray()
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!).ToList();

        // As Prometheus names them: by kind and unit.
        var known = (await NamesAsync("KameleoonMetrics.cs")).Append("http.server.request.duration")
            .Select(static name => name.Replace('.', '_'))
            .SelectMany(static name => (string[])[name, name + "_total", name + "_seconds", name + "_seconds_count", name + "_seconds_bucket"])
            .ToHashSet(StringComparer.Ordinal);
        var asked = queries.SelectMany(static query => Asked.Matches(query)).Select(static match => match.Groups["name"].Value).ToList();

        queries.Count.ShouldBeGreaterThan(10);
        asked.Count.ShouldBeGreaterThanOrEqualTo(queries.Count);
        asked.ShouldAllBe(name => known.Contains(name));
    }

    [Theory]
    [InlineData("LastGoodCopy", "kameleoon.configuration.copies")]
    [InlineData("ListenerLost", "kameleoon.listeners.lost")]
    [InlineData("SessionShared", "kameleoon.shared_sessions")]
    [InlineData("TokenRequested", "kameleoon.access_token.requests")]
    [InlineData("VisitorLinked", "kameleoon.visitor_links")]
    public async Task Every_outcome_that_is_counted_is_in_the_row_of_its_metric(string method, string metric)
    {
        var page = await File.ReadAllLinesAsync(Path.Combine(Repository.Root, "docs", "observability.md"));
        var row = page.Single(line => line.StartsWith($"| `{metric}` |", StringComparison.Ordinal));
        var sources = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src", "Kameleoon.Hybrid"), "*.cs", SearchOption.AllDirectories);
        var outcomes = sources.SelectMany(File.ReadLines).SelectMany(static line => Counted.Matches(line))
            .Where(match => string.Equals(match.Groups["method"].Value, method, StringComparison.Ordinal))
            .Select(static match => match.Groups["outcome"].Value).ToHashSet(StringComparer.Ordinal);

        outcomes.ShouldNotBeEmpty();
        outcomes.ShouldAllBe(outcome => row.Contains($"`{outcome}`", StringComparison.Ordinal));
    }

    private static string Diagnostics { get; } = Path.Combine(Repository.Root, "src", "Kameleoon.Hybrid", "Diagnostics");

    private static async Task<List<string>> NamesAsync(params string[] files)
    {
        var texts = await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(Path.Combine(Diagnostics, file))));
        return [.. Names.Matches(string.Concat(texts)).Select(static match => match.Groups["name"].Value)];
    }

    [GeneratedRegex(@"(?<name>(kameleoon|http_server)_[a-z_]+)[\[{)]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Asked { get; }

    [GeneratedRegex("metrics\\.(?<method>[A-Za-z]+)\\([^\"]*\"(?<outcome>[a-z_]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Counted { get; }

    [GeneratedRegex("\"(?<name>kameleoon\\.[a-z_.]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Names { get; }

    [GeneratedRegex(@"^\| (?<ids>\d[\d, |]*\d)", RegexOptions.ExplicitCapture | RegexOptions.Multiline | RegexOptions.NonBacktracking)]
    private static partial Regex Alerts { get; }
}
