using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>Whoever comes from the official C# SDK finds whatever they used there, and in its place something that exists.
/// </summary>
public sealed partial class MigrationTests
{
    /// <summary>Words of the framework, which stand for themselves.</summary>
    private static readonly string[] Framework = ["ArgumentException", "ILogger", "Kameleoon", "Logging:LogLevel:Kameleoon.Hybrid"];

    private static readonly Row[] Rows = [.. ReadRows()];

    /// <summary>Each member of the official SDK: its section of the page, and its short form.</summary>
    public static TheoryData<string, string> Official
    {
        get
        {
            var (members, section) = (new TheoryData<string, string>(), "");
            foreach (var line in File.ReadLines(
                Path.Combine(Repository.Root, "tests", "Kameleoon.Hybrid.Architecture.Tests", "official-surface.txt")))
            {
                switch (line)
                {
                    case "" or ['#', ..]:
                        break;
                    case ['=', ' ', .. var name]:
                        section = name;
                        break;
                    default:
                        members.Add(section, line);
                        break;
                }
            }

            return members;
        }
    }

    [Theory]
    [MemberData(nameof(Official))]
    public void Each_official_member_has_one_row(string section, string member) =>
        Rows.Count(row => row.Section == section && row.Official.Contains(member)).ShouldBe(1);

    [Fact]
    public void No_row_is_about_something_else()
    {
        var known = Official.Select(row => (string)row[1]).ToHashSet(StringComparer.Ordinal);

        Rows.SelectMany(row => row.Official).ShouldAllBe(member => known.Contains(member));
        Rows.ShouldAllBe(row => row.Official.Length > 0 && row.Here.Length > 0);
    }

    [Fact]
    public void What_stands_in_its_place_exists()
    {
        var names = Rows.SelectMany(row => Code.Matches(row.Here).Select(match => match.Groups["text"].Value)).ToList();

        names.Count.ShouldBeGreaterThan(100);
        names.Where(name => !Exists(name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("client.GetVariation(visitorCode, featureKey)")]
    [InlineData("client.GetRemoteData(key)")]
    [InlineData("client.GetVariation(featureKey).Keys")]
    [InlineData("CustomData(index, overwrite, values)")]
    [InlineData("BrowserType.Chromium")]
    [InlineData("Cookie:TopLevelDomain")]
    [InlineData("IData")]
    [InlineData("<kameleoon-engine-code />")]
    public void What_does_not_exist_would_be_noticed(string name) => Exists(name).ShouldBeFalse();

    private static bool Exists(string name) =>
        Framework.Contains(name, StringComparer.Ordinal)
        || Tag.Match(name) is { Success: true } tag && HasTag(tag.Groups["name"].Value)
        || Setting.IsMatch(name) && HasSetting(name)
        || Call.Match(name) is { Success: true } call && HasCall(call);

    private static bool HasTag(string name) => Repository.SourceFiles()
        .Any(file => File.ReadAllText(file).Contains($"[HtmlTargetElement(\"{name}\"", StringComparison.Ordinal));

    private static bool HasSetting(string path)
    {
        string? type = "KameleoonOptions";
        foreach (var part in path.Split(':'))
        {
            if (type is null || !ApiBaseline.Has(type, part))
            {
                return false;
            }

            type = ApiBaseline.TypeOf(type, part);
        }

        return true;
    }

    // Owner.Member(parameters).Part, where all but the member may be missing.
    private static bool HasCall(Match call)
    {
        var (owner, member) = (call.Groups["owner"].Value, call.Groups["member"].Value);
        var parameters = call.Groups["parameters"] is { Success: true, Value: var list }
            ? list.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(parameter => parameter.Split(':')[0].Trim()).ToArray()
            : null;
        var part = call.Groups["part"];
        return (!part.Success || ApiBaseline.Has("Variation", part.Value))
            && owner switch
            {
                "" when parameters is null => ApiBaseline.HasType(member),
                "" => ApiBaseline.Has(member, member, parameters),
                "client" => ApiBaseline.Has("IKameleoonClient", member, parameters),
                "services" or "builder.Configuration" => ApiBaseline.HasMethod(member, parameters),
                _ => ApiBaseline.Has(owner, member, parameters),
            };
    }

    private static IEnumerable<Row> ReadRows()
    {
        var section = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "docs", "migration.md")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
            {
                section = line[3..];
            }
            else if (line.StartsWith("| `", StringComparison.Ordinal))
            {
                var cells = line.Split('|');
                yield return new Row(section, [.. Code.Matches(cells[1]).Select(match => match.Groups["text"].Value)], cells[2].Trim());
            }
        }
    }

    private sealed record Row(string Section, string[] Official, string Here);

    [GeneratedRegex("`(?<text>[^`]+)`", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Code { get; }

    [GeneratedRegex("^<(?<name>[a-z-]+) />$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Tag { get; }

    [GeneratedRegex(@"^\w+(:\w+)*$", RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Setting { get; }

    [GeneratedRegex(
        @"^((?<owner>client|services|builder\.Configuration|\w+)\.)?(?<member>\w+)(\((?<parameters>[^)]*)\)(\.(?<part>\w+)(\([^)]*\))?)?)?$",
        RegexOptions.ExplicitCapture | RegexOptions.NonBacktracking)]
    private static partial Regex Call { get; }
}
