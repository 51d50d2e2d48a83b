using System.Diagnostics;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class PatternTests
{
    [Theory]
    [InlineData("b", "abc", true)]
    [InlineData("^b", "abc", false)]
    [InlineData("", "abc", true)]
    [InlineData("B", "abc", false)]
    [InlineData("(?i)B", "abc", true)]
    [InlineData("/b/", "abc", false)]
    [InlineData("a/b", "xa/by", true)]
    [InlineData("a(?=b)", "ab", true)]
    [InlineData("(a)\\1", "aa", true)]
    [InlineData("^(a{100}){100}$", "a", false)]
    public void A_pattern_is_searched_for_with_the_rules_of_NET(string pattern, string text, bool expected) =>
        Matches(pattern, text).ShouldBe(expected);

    [Theory]
    [InlineData("(")]
    [InlineData("a{2,1}")]
    [InlineData("\\")]
    [InlineData("[b-a]")]
    [InlineData("(?<n")]
    public void An_invalid_pattern_never_matches_and_is_reported(string pattern)
    {
        var dataFile = TestSite.WithCondition(Condition(pattern));

        TestSite.Targets(dataFile).ShouldBeFalse();
        dataFile.Warnings.ShouldHaveSingleItem().ShouldContain("regular expression");
    }

    [Theory]
    [InlineData("^(a+)+$")]
    [InlineData("^(a|aa)+$")]
    [InlineData("^(?=a)(a+)+$")]
    [InlineData("^(a+)+\\1$")]
    [InlineData("((((a{100}){100}){100}){100}){100}b")]
    [InlineData("^(((a{1000,}){1000,}){1000,}){1000,}$")]
    [InlineData("(x+x+)+y|(.*)*(.*)*(.*)*c")]
    public void A_catastrophic_pattern_takes_bounded_time(string pattern)
    {
        var clock = Stopwatch.StartNew();
        var dataFile = TestSite.WithCondition(Condition(pattern));

        TestSite.Targets(dataFile, new TestVisitor(new string('a', 254) + "!"));

        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(2));
    }

    [Theory]
    [InlineData('(')]
    [InlineData('[')]
    [InlineData('a')]
    public void An_endless_pattern_is_refused(char unit)
    {
        var dataFile = TestSite.WithCondition(Condition(new string(unit, 1_000_000)));

        TestSite.Targets(dataFile).ShouldBeFalse();
        dataFile.Warnings.ShouldHaveSingleItem().ShouldContain("too long");
    }

    [Fact]
    public void A_deeply_nested_pattern_does_not_exhaust_the_stack() =>
        Matches($"{new string('(', 4999)}a{new string(')', 4999)}", "a").ShouldBeTrue();

    [Fact]
    public void Patterns_are_compiled_by_the_first_text_they_meet()
    {
        const int Patterns = 200;
        var conditions = string.Join(',', Enumerable.Range(0, Patterns).Select(i => Condition($"^/shop/[a-z]+/{i}(/.*)?$")));
        var json = $$"""{ "firstLevel": [{ "conditions": [{{conditions}}] }] }""";
        TestSite.WithSegment(json);

        var before = GC.GetAllocatedBytesForCurrentThread();
        var dataFile = TestSite.WithSegment(json);
        var read = GC.GetAllocatedBytesForCurrentThread();
        TestSite.Targets(dataFile, new TestVisitor("/shop/shoes/0"));
        var met = GC.GetAllocatedBytesForCurrentThread();

        ((read - before) / Patterns).ShouldBeLessThan(20_000);
        (met - read).ShouldBeGreaterThan(20_000);
    }

    [Fact]
    public void A_pattern_that_texts_meet_at_once_judges_them_all()
    {
        for (var round = 0; round < 20; round++)
        {
            var dataFile = TestSite.WithCondition(Condition("^a+$"));

            Parallel.For(0, 16, i => TestSite.Targets(dataFile, new TestVisitor(i % 2 == 0 ? "aa" : "ab")).ShouldBe(i % 2 == 0));
        }
    }

    private static bool Matches(string pattern, string text) =>
        TestSite.Targets(Condition(pattern), new TestVisitor(text));

    private static string Condition(string pattern) => $$"""
        { "targetingType": "VISITOR_CODE", "matchType": "REGULAR_EXPRESSION", "visitorCode": {{JsonSerializer.Serialize(pattern)}} }
        """;
}
