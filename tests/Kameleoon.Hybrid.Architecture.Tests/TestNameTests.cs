using System.Text.RegularExpressions;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Kameleoon.Hybrid.Architecture.Tests;

/// <summary>The names of tests are sentences that a person can read without the specification.</summary>
public sealed partial class TestNameTests
{
    private const int MaxLength = 100;

    [Fact]
    public void The_names_of_tests_have_at_most_a_hundred_characters()
    {
        Names().Count().ShouldBeGreaterThan(1000);
        Names().Where(name => name.Length > MaxLength).ShouldBeEmpty();
    }

    [Fact]
    public void The_names_of_tests_are_sentences() =>
        Names().Where(name => !Sentence().IsMatch(name)).ShouldBeEmpty();

    [Fact]
    public void The_names_of_tests_bear_no_ids_of_the_specification() =>
        Names().Where(name => Id().IsMatch(name)).ShouldBeEmpty();

    [Fact]
    public void The_names_of_the_engine_s_tests_are_as_short_and_bear_no_ids()
    {
        EngineNames().Count().ShouldBeGreaterThan(200);
        EngineNames().Where(name => name.Length > MaxLength || EngineId().IsMatch(name)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("T-EXP an experiment is decided", true)]
    [InlineData("TRACK-14 a place is asked for again", true)]
    [InlineData("the hash is SHA-256", false)]
    public void An_id_of_an_engine_s_test_is_told_from_a_word(string name, bool isId) => EngineId().IsMatch(name).ShouldBe(isId);

    [Theory]
    [InlineData("H10_A_prefetched_page_reports_nothing", true)]
    [InlineData("T_HYB_9_A_page_is_reported_once", true)]
    [InlineData("T_EXP_An_experiment_is_decided", true)]
    [InlineData("TR_13_An_outage_holds_nothing_in_memory", true)]
    [InlineData("A_page_is_reported_once_W4", true)]
    [InlineData("An_id_beyond_64_bits_is_refused", false)]
    [InlineData("A_tree_of_200_levels_is_refused", false)]
    public void An_id_is_told_from_a_word(string name, bool isId) => Id().IsMatch(name).ShouldBe(isId);

    private static IEnumerable<string> Names() => Directory
        .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*.cs", SearchOption.AllDirectories)
        .SelectMany(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file)).GetRoot().DescendantNodes())
        .OfType<MethodDeclarationSyntax>()
        .Where(IsTest)
        .Select(method => method.Identifier.Text);

    private static IEnumerable<string> EngineNames() => Directory
        .EnumerateFiles(
            Path.Combine(Repository.Root, "src", "Kameleoon.Hybrid.Sandbox", "Engine", "tests"), "*.test.mjs")
        .SelectMany(file => EngineTest().Matches(File.ReadAllText(file)))
        .Select(test => test.Groups["name"].Value);

    private static bool IsTest(MethodDeclarationSyntax method) => method.AttributeLists
        .SelectMany(list => list.Attributes)
        .Any(attribute => attribute.Name.ToString() is var name
            && (name.EndsWith("Fact", StringComparison.Ordinal) || name.EndsWith("Theory", StringComparison.Ordinal)));

    [GeneratedRegex("^[A-Z][A-Za-z0-9]*(_[A-Za-z0-9]+)+$", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Sentence();

    [GeneratedRegex("(^|_)(T_[A-Z]{2,}|[A-Z]{1,2}_?[0-9]+)(_|$)", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Id();

    [GeneratedRegex("""^ *test\((?<quote>["`])(?<name>.*?)\k<quote>,""", RegexOptions.ExplicitCapture | RegexOptions.Multiline, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EngineTest();

    [GeneratedRegex("(^[A-Z]+-[0-9]+ )|(\\bT-[A-Z]{2,})", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex EngineId();
}
