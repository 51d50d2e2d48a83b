using FsCheck;
using FsCheck.Fluent;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class BooleanTreeTests
{
    private const string True = """{ "targetingType": "VISITOR_CODE", "matchType": "CONTAINS" }""";
    private const string False = """{ "targetingType": "VISITOR_CODE", "matchType": "CONTAINS", "isInclude": false }""";

    [Theory]
    [InlineData("TFF", "AND AND", false)]
    [InlineData("TFF", "OR AND", true)]
    [InlineData("FTT", "OR AND", true)]
    [InlineData("FFT", "AND OR", true)]
    [InlineData("FFFT", "AND AND OR", false)]
    [InlineData("TTFT", "AND AND OR", true)]
    [InlineData("TT", "", true)]
    [InlineData("TF", "", false)]
    public void Operators_bind_as_in_the_official_server_SDKs(string items, string operators, bool expected)
    {
        bool[] values = [.. items.Select(item => item is 'T')];
        bool[] or = [.. operators.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(name => name is "OR")];

        Conditions(values, or).ShouldBe(expected);
        Groups(values, or).ShouldBe(expected);
    }

    [Fact]
    public void Conditions_and_groups_fold_like_the_recursive_definition()
    {
        var trees =
            from values in Gen.Elements(true, false).ArrayOf()
            from or in Gen.Elements(true, false).ArrayOf()
            select (values, or);

        Prop.ForAll(trees.ToArbitrary(), tree =>
        {
            var expected = Definition(tree.values, [.. tree.or.Concat(Enumerable.Repeat(false, tree.values.Length))]);
            return Conditions(tree.values, tree.or) == expected && Groups(tree.values, tree.or) == expected;
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1000));
    }

    [Fact]
    public void An_empty_group_takes_part_as_true()
    {
        TestSite.Targets(TestSite.WithSegment("""{ "firstLevel": [{}] }""")).ShouldBeTrue();
        TestSite.Targets(TestSite.WithSegment(
            $$"""{ "firstLevelOrOperators": [true], "firstLevel": [{ "conditions": [{{False}}] }, {}] }""")).ShouldBeTrue();
        TestSite.Targets(TestSite.WithSegment(
            $$"""{ "firstLevel": [{ "conditions": [{{False}}] }, {}] }""")).ShouldBeFalse();
    }

    private static bool Definition(ReadOnlySpan<bool> items, ReadOnlySpan<bool> or) => items switch
    {
        [] => true,
        [var only] => only,
        [var a, .. var rest] when or[0] => a | Definition(rest, or[1..]),
        [var a, var b] => a & b,
        [var a, var b, .. var rest] when or[1] => (a & b) | Definition(rest, or[2..]),
        [var a, var b, .. var rest] => a & b & Definition(rest, or[2..]),
    };

    private static bool Conditions(bool[] values, bool[] or) => TestSite.Targets(TestSite.WithSegment($$"""
        { "firstLevel": [{ "orOperators": {{Json(or)}}, "conditions": [{{string.Join(',', values.Select(Json))}}] }] }
        """));

    private static bool Groups(bool[] values, bool[] or)
    {
        var groups = values.Select(value => $$"""{ "conditions": [{{Json(value)}}] }""");
        return TestSite.Targets(TestSite.WithSegment(
            $$"""{ "firstLevelOrOperators": {{Json(or)}}, "firstLevel": [{{string.Join(',', groups)}}] }"""));
    }

    private static string Json(bool value) => value ? True : False;

    private static string Json(bool[] or) => $"[{string.Join(',', or.Select(value => value ? "true" : "false"))}]";
}
