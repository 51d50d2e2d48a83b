using System.Text.Json;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class PatternTests
{
    /// <summary>Bytes that a pattern and its automaton may take; the work of building them is of the same order.</summary>
    private const long MaxAutomaton = 20_000_000;

    private static readonly string Catastrophic = new string('a', 254) + "!";

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
    [InlineData("(x+x+)+y|(.*)*(.*)*(.*)*c")]
    [InlineData("^((a{2}){2}){2,}$")]
    public void A_catastrophic_pattern_is_matched_in_linear_time(string pattern)
    {
        var safe = SafePattern.TryCreate(pattern, new Warnings()).ShouldNotBeNull();

        var allocated = Allocated(() => safe.IsMatch(Catastrophic).ShouldBeFalse());

        // The engine reads each character once, whatever the pattern.
        safe.Regex.Options.ShouldBe(RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        allocated.ShouldBeLessThan(MaxAutomaton);
    }

    [Theory]
    [InlineData("^(?=a)(a+)+$")]
    [InlineData("^(a+)+\\1$")]
    [InlineData("((((a{100}){100}){100}){100}){100}b")]
    [InlineData("^(((a{1000,}){1000,}){1000,}){1000,}$")]
    [InlineData("^(a{300}|a{300}){100}$")]
    public void A_pattern_that_has_to_backtrack_or_needs_much_memory_is_given_up(string pattern)
    {
        var safe = SafePattern.TryCreate(pattern, new Warnings()).ShouldNotBeNull();

        var allocated = Allocated(() => safe.IsMatch(Catastrophic).ShouldBeFalse());

        safe.Regex.Options.ShouldBe(RegexOptions.CultureInvariant);
        safe.Regex.MatchTimeout.ShouldBe(TimeSpan.FromMilliseconds(50));
        allocated.ShouldBeLessThan(MaxAutomaton);
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

    private static long Allocated(Action action)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        action();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    /// <summary>Asks again after a miss: a busy machine may give a match up, and never makes one.</summary>
    private static bool Matches(string pattern, string text)
    {
        const int Attempts = 20;
        return Enumerable.Range(0, Attempts).Any(_ => TestSite.Targets(Condition(pattern), new TestVisitor(text)));
    }

    private static string Condition(string pattern) => $$"""
        { "targetingType": "VISITOR_CODE", "matchType": "REGULAR_EXPRESSION", "visitorCode": {{JsonSerializer.Serialize(pattern)}} }
        """;
}
