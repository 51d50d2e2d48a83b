using System.Globalization;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class NestedSegmentTests
{
    private const int MaxConditions = 100_000;

    private const string Phone = """{ "targetingType": "DEVICE_TYPE", "device": "PHONE" }""";

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void A_segment_never_holds_inside_itself(bool isInclude, bool expected)
    {
        var dataFile = TestSite.WithCondition(Asking(41, isInclude));

        TestSite.Targets(dataFile).ShouldBe(expected);
        dataFile.Warnings.ShouldHaveSingleItem().ShouldContain("41");
    }

    [Fact]
    public void A_circle_of_segments_ends_where_it_began()
    {
        var dataFile = TestSite.WithCondition(Asking(42), $"{Segment(42, Asking(43))}{Segment(43, Asking(41, false))}");

        TestSite.Targets(dataFile).ShouldBeTrue();
        dataFile.Warnings.ShouldHaveSingleItem().ShouldContain("41, 42, 43");
    }

    [Fact]
    public void A_segment_asked_twice_on_different_ways_is_no_circle()
    {
        var dataFile = TestSite.WithCondition(
            $"{Asking(42)}, {Asking(43)}", $"{Segment(42, Asking(43))}{Segment(43, "")}");

        TestSite.Targets(dataFile).ShouldBeTrue();
        dataFile.Warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public void An_unknown_segment_does_not_hold(bool isInclude, bool expected)
    {
        var dataFile = TestSite.WithCondition(Asking(99, isInclude));

        TestSite.Targets(dataFile).ShouldBe(expected);
        dataFile.Warnings.ShouldHaveSingleItem().ShouldContain("99");
    }

    [Theory]
    [InlineData(200, true)]
    [InlineData(300, false)]
    [InlineData(20_000, false)]
    public void Chains_are_followed_to_a_fixed_depth(int length, bool expected)
    {
        var chain = string.Concat(Enumerable.Range(100, length).Select(id => Segment(id, Asking(id + 1))))
            + Segment(100 + length, "");

        var dataFile = TestSite.WithCondition(Asking(100), chain);

        TestSite.Targets(dataFile).ShouldBe(expected);
        dataFile.Warnings.Count.ShouldBe(expected ? 0 : 1);
    }

    [Theory]
    [InlineData(8)]
    [InlineData(14)]
    [InlineData(60)]
    public void Segments_that_triple_at_each_level_ask_a_limited_number_of_conditions(int levels)
    {
        var segments = string.Concat(Enumerable.Range(100, levels).Select(id =>
            Segment(id, $"{Asking(id + 1)}, {Asking(id + 1)}, {Asking(id + 1)}, {Phone}", "true, true, true")));
        var dataFile = TestSite.WithCondition(Asking(100), segments + Segment(100 + levels, Phone));
        var visitor = new TestVisitor("visitor");

        TestSite.Targets(dataFile, visitor).ShouldBeFalse();

        visitor.DeviceReads.ShouldBeInRange(100, MaxConditions);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(10)]
    [InlineData(30)]
    public void Segments_that_all_ask_each_other_ask_a_limited_number_of_conditions(int count)
    {
        var ids = Enumerable.Range(100, count).ToArray();
        var conditions = $"{Phone}, {string.Join(", ", ids.Select(id => Asking(id)))}";
        var or = string.Join(',', ids.Select(_ => "true"));
        var dataFile = TestSite.WithCondition(Asking(100), string.Concat(ids.Select(id => Segment(id, conditions, or))));
        var visitor = new TestVisitor("visitor");

        TestSite.Targets(dataFile, visitor).ShouldBeFalse();

        visitor.DeviceReads.ShouldBeInRange(100, MaxConditions);
    }

    [Fact]
    public void The_later_of_two_segments_of_one_id_counts()
    {
        var dataFile = TestSite.WithCondition(
            """{ "targetingType": "DEVICE_TYPE", "device": "PHONE" }""", """, { "id": "41" }""");

        TestSite.Targets(dataFile).ShouldBeTrue();
    }

    private static string Asking(int id, bool isInclude = true) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""{ "targetingType": "SEGMENT", "segmentId": {{id}}, "isInclude": {{(isInclude ? "true" : "false")}} }""");

    private static string Segment(int id, string conditions, string or = "") => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        , { "id": {{id}}, "conditionsData": { "firstLevel": [{ "orOperators": [{{or}}], "conditions": [{{conditions}}] }] } }
        """);
}
