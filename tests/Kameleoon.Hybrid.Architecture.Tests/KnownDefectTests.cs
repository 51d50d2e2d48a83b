using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Each known defect of hybrid experiments has an alarm that exists, and a test that raises it.</summary>
public sealed partial class KnownDefectTests
{
    private const int Defects = 21;

    [Fact]
    public async Task Each_known_defect_names_a_test_that_raises_its_alarm()
    {
        var tests = await Task.WhenAll(Directory
            .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
            .Select(static async file => (Class: Path.GetFileNameWithoutExtension(file), Code: await File.ReadAllTextAsync(file))));

        var rows = await ReadRowsAsync();

        rows.Count.ShouldBe(Defects);
        foreach (var row in rows)
        {
            var names = Test.Matches(row.Test);
            names.Count.ShouldBeGreaterThan(0, row.Defect);
            foreach (Match name in names)
            {
                tests.ShouldContain(
                    test => test.Class == name.Groups["class"].Value
                        && Regex.IsMatch(test.Code, $@"\b{name.Groups["method"].Value}\(", RegexOptions.NonBacktracking),
                    name.Value);
            }
        }
    }

    [Fact]
    public async Task Each_known_defect_names_an_alarm_that_exists()
    {
        var events = await ReadAsync("reference", "log-events.md");
        var metrics = await ReadAsync("observability.md");

        foreach (var row in await ReadRowsAsync())
        {
            var (ids, names) = (Event.Matches(row.Alarm), Metric.Matches(row.Alarm));
            (ids.Count + names.Count).ShouldBeGreaterThan(0, row.Defect);
            ids.ShouldAllBe(id => events.Contains($"\n| {id.Value} | ", StringComparison.Ordinal));
            names.ShouldAllBe(name => metrics.Contains($"\n| {name.Value} | ", StringComparison.Ordinal));
        }
    }

    private static async Task<List<(string Defect, string Alarm, string Test)>> ReadRowsAsync()
    {
        var section = (await ReadAsync("trust.md")).Split("## Known defects and the alarm each raises")[1].Split("\n## ")[0];
        return
        [
            .. section.Split('\n').Where(static line => line.StartsWith("| ", StringComparison.Ordinal)).Skip(1)
                .Select(static line => line.Split(" | ")).Select(static cells => (cells[0], cells[1], cells[2])),
        ];
    }

    private static Task<string> ReadAsync(params string[] path) =>
        File.ReadAllTextAsync(Path.Combine([Repository.Root, "docs", .. path]));

    [GeneratedRegex("`(?<class>[A-Za-z]+Tests)\\.(?<method>[A-Za-z0-9_]+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Test { get; }

    [GeneratedRegex(@"\b[0-9]{3,4}\b", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Event { get; }

    [GeneratedRegex("`kameleoon\\.[a-z_.]+`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Metric { get; }
}
