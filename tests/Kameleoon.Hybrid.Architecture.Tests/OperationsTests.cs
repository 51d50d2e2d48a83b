using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Operators find every signal in the documentation.</summary>
public sealed partial class OperationsTests
{
    [Fact]
    public async Task Every_log_event_stands_on_the_operations_page()
    {
        var page = await File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", "operations.md"));
        var messages = await Task.WhenAll(Directory.GetFiles(Diagnostics, "Log.*.cs")
            .Select(file => File.ReadAllTextAsync(file)));
        var ids = Ids.Matches(string.Concat(messages))
            .Select(match => match.Groups["id"].Value).ToList();

        ids.Count.ShouldBeGreaterThan(30);
        ids.ShouldBeUnique(StringComparer.Ordinal);
        ids.ShouldAllBe(id => Regex.IsMatch(
            page, $@"^\| [0-9, ]*\b{id}\b", RegexOptions.Multiline, TimeSpan.FromSeconds(1)));
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

    private static string Diagnostics { get; } = Path.Combine(Repository.Root, "src", "Kameleoon.Hybrid", "Diagnostics");

    private static async Task<List<string>> NamesAsync(params string[] files)
    {
        var texts = await Task.WhenAll(files.Select(file => File.ReadAllTextAsync(Path.Combine(Diagnostics, file))));
        return [.. Names.Matches(string.Concat(texts)).Select(static match => match.Groups["name"].Value)];
    }

    [GeneratedRegex(@"(?<name>(kameleoon|http_server)_[a-z_]+)[\[{)]", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Asked { get; }

    [GeneratedRegex("\"(?<name>kameleoon\\.[a-z_.]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Names { get; }

    [GeneratedRegex(@"LoggerMessage\((?<id>\d+),", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Ids { get; }
}
