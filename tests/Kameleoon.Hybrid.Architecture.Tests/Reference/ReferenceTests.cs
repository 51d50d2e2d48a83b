using System.Reflection;
using System.Text.RegularExpressions;
using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Architecture.Tests.Reference;

/// <summary>The reference has everything that the code has, and nothing else. <c>ACCEPT_REFERENCE=1</c> writes the pages that
/// are generated.</summary>
public sealed partial class ReferenceTests
{
    private const string Accept = "Run ACCEPT_REFERENCE=1 dotnet test tests/Kameleoon.Hybrid.Architecture.Tests "
        + "--filter FullyQualifiedName~ReferenceTests, and commit the page.";

    [Fact]
    public async Task The_page_of_log_events_is_current()
    {
        LogEventPage.Events.Count.ShouldBeGreaterThan(80);
        LogEventPage.Events.Select(static message => message.EventId).ShouldBeUnique();

        await AcceptOrCompareAsync("log-events.md", LogEventPage.Write());
    }

    [Fact]
    public Task The_page_of_startup_errors_is_current() => AcceptOrCompareAsync("errors.md", ErrorPage.Write());

    [Fact]
    public Task The_page_of_tags_and_components_is_current() => AcceptOrCompareAsync("attributes.md", AttributePage.Write());

    [Fact]
    public async Task The_page_of_settings_has_every_setting_and_no_other()
    {
        var page = await ReadAsync("settings.md");
        var settings = SettingsOf(typeof(KameleoonOptions), "")
            .Concat(SettingsOf(typeof(KameleoonSandboxOptions), "Sandbox:")).ToHashSet(StringComparer.Ordinal);
        var quoted = Quoted.Matches(page).Select(static match => match.Groups["text"].Value).ToHashSet(StringComparer.Ordinal);
        var rows = page.Split('\n').Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(static line => Quoted.Matches(line.Split('|')[1])).Select(static match => match.Groups["text"].Value).ToList();

        settings.Count.ShouldBeGreaterThan(80);
        settings.Except(quoted, StringComparer.Ordinal).ShouldBeEmpty("settings that the page does not have");
        rows.Except(settings, StringComparer.Ordinal).ShouldBeEmpty("rows of settings that do not exist");
    }

    [Fact]
    public async Task The_page_of_reasons_has_every_decision_reason_and_no_other()
    {
        var page = await ReadAsync("reference/reasons.md");
        var rows = Rows(page, "Decision reasons");

        rows.ShouldBe(Enum.GetNames<DecisionReason>(), ignoreOrder: true);
    }

    [Fact]
    public async Task The_page_of_health_checks_has_every_entry_and_no_other()
    {
        var setup = Path.Combine(Repository.Root, "src", "Kameleoon.Hybrid", "Setup");
        var code = await File.ReadAllTextAsync(Path.Combine(setup, "KameleoonHealthCheck.cs"))
            + await File.ReadAllTextAsync(Path.Combine(setup, "TrackingHealthCheck.cs"))
            + await File.ReadAllTextAsync(Path.Combine(setup, "TrustHealthCheck.cs"));
        var entries = Entries.Matches(code).Select(static match => match.Groups["name"].Value).Distinct(StringComparer.Ordinal).ToList();

        entries.Count.ShouldBeGreaterThan(5);
        Rows(await ReadAsync("reference/health.md"), "Entries").ShouldBe(entries, ignoreOrder: true);
    }

    [Fact]
    public async Task The_page_of_metrics_and_activities_has_every_one_and_no_other()
    {
        var signals = Signals.Matches(await CodeAsync()).Select(static match => match.Groups["name"].Value)
            .Where(static name => name.StartsWith("kameleoon.", StringComparison.Ordinal)).ToHashSet(StringComparer.Ordinal);
        var rows = (await ReadAsync("observability.md")).Split('\n')
            .Where(static line => line.StartsWith("| `kameleoon.", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1]).ToList();

        signals.Count.ShouldBeGreaterThan(25);
        rows.ShouldBe(signals, ignoreOrder: true);
    }

    [Fact]
    public async Task The_page_of_reasons_has_every_reason_for_a_dropped_event_and_no_other()
    {
        var code = await CodeAsync();
        var discarded = code.Split("ReasonOf(ExposureState discarded)")[1].Split("};")[0];
        var reasons = Drops.Matches(code).Select(static match => match.Groups["call"].Value).Append(discarded)
            .SelectMany(static call => Texts.Matches(call)).Select(static match => match.Groups["text"].Value)
            .Distinct(StringComparer.Ordinal).ToList();
        var rows = (await ReadAsync("reference/reasons.md")).Split("\n## Why events are dropped\n")[1].Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .SelectMany(static line => Texts.Matches(line.Split('|')[1].Replace('`', '"')))
            .Select(static match => match.Groups["text"].Value).ToList();

        reasons.Count.ShouldBeGreaterThan(10);
        rows.Order(StringComparer.Ordinal).ShouldBe(reasons.Order(StringComparer.Ordinal));
    }

    private static async Task<string> CodeAsync() => string.Concat(await Task.WhenAll(Repository.SourceFiles()
        .Where(static file => file.Contains("/src/Kameleoon.Hybrid", StringComparison.Ordinal))
        .Select(static file => File.ReadAllTextAsync(file))));

    // The first column of the table below a heading.
    private static List<string> Rows(string page, string heading) =>
    [
        .. page.Split("\n## " + heading + "\n")[1].Split("\n## ")[0].Split('\n')
            .Where(static line => line.StartsWith("| `", StringComparison.Ordinal))
            .Select(static line => line.Split('`')[1]),
    ];

    private static IEnumerable<string> SettingsOf(Type type, string prefix) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public)
        .Where(static property => property.SetMethod is not null || !property.PropertyType.IsValueType)
        .SelectMany(property => property.PropertyType.Name.EndsWith("Options", StringComparison.Ordinal)
            ? SettingsOf(property.PropertyType, $"{prefix}{property.Name}:")
            : [prefix + property.Name])
        .Select(static name => Endpoint.Replace(name, "Resilience:X:"));

    private static async Task AcceptOrCompareAsync(string name, string expected)
    {
        var file = Path.Combine(Repository.Root, "docs", "reference", name);
        if (Environment.GetEnvironmentVariable("ACCEPT_REFERENCE") == "1")
        {
            await File.WriteAllTextAsync(file, expected);
        }

        (await File.ReadAllTextAsync(file)).ShouldBe(expected, Accept);
    }

    private static Task<string> ReadAsync(string page) => File.ReadAllTextAsync(Path.Combine(Repository.Root, "docs", page));

    [GeneratedRegex("^Resilience:[A-Za-z]+:", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Endpoint { get; }

    [GeneratedRegex("`(?<text>[A-Za-z:]+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Quoted { get; }

    [GeneratedRegex("\\[\"(?<name>[A-Za-z]+)\"\\] =", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Entries { get; }

    [GeneratedRegex("(Create[A-Za-z]*(Counter|Histogram|Gauge)(<[a-z]+>)?|Start|StartActivity)\\(\\s*\"(?<name>[a-z_.]+)\"",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Signals { get; }

    [GeneratedRegex("\\b(Drop|Skip)\\((?<call>[^;{>]*\"[a-z_]+\"[^;{>]*);", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Drops { get; }

    [GeneratedRegex("\"(?<text>[a-z_]+)\"", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Texts { get; }
}
