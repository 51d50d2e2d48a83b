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
        safe.EngineFor(Catastrophic.Length).Options.ShouldBe(RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        allocated.ShouldBeLessThan(MaxAutomaton);
    }

    [Theory]
    [InlineData("^(?=a)(a+)+$")]
    [InlineData("^(a+)+\\1$")]
    [InlineData("(a*)*\\1b")]
    [InlineData("^(?=(a+)+$)(a+)+b")]
    [InlineData("(?<=(a+)+)b")]
    [InlineData("(?!.*(a+)+!)a+b")]
    [InlineData("(?(a)(a+)+|b)c")]
    [InlineData("(?i)(A+)+\\1+b")]
    [InlineData("(?>a+)+(?>a*)*(?<x>a)\\k<x>b")]
    [InlineData("^(a{500}){2}$")]
    [InlineData("[ab]*a[ab]{200}c")]
    public void A_pattern_that_has_to_backtrack_or_may_need_much_work_is_given_up(string pattern)
    {
        var safe = SafePattern.TryCreate(pattern, new Warnings()).ShouldNotBeNull();

        var allocated = Allocated(() => safe.IsMatch(Catastrophic).ShouldBeFalse());

        var engine = safe.EngineFor(Catastrophic.Length);
        engine.Options.ShouldBe(RegexOptions.CultureInvariant);
        engine.MatchTimeout.ShouldBe(TimeSpan.FromMilliseconds(50));
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

    [Theory]
    [InlineData("((((a{100}){100}){100}){100}){100}b")]
    [InlineData("^(((a{1000,}){1000,}){1000,}){1000,}$")]
    [InlineData("^(a{300}|a{300}){100}$")]
    [InlineData("a{2001}")]
    public void A_pattern_with_too_many_parts_is_refused_with_the_names_of_its_flags(string pattern)
    {
        var dataFile = TestSite.WithCondition(Condition(pattern));

        TestSite.Targets(dataFile).ShouldBeFalse();
        var warning = dataFile.Warnings.ShouldHaveSingleItem();
        warning.ShouldContain("is too long and never matches");
        warning.ShouldContain($"'{TestSite.Key}'");
    }

    [Fact]
    public void A_long_repetition_of_alternatives_is_refused() => A_pattern_with_too_many_parts_is_refused_with_the_names_of_its_flags(
        string.Concat(Enumerable.Repeat("(?:a|ab|abc)*", 700)));

    [Fact]
    public void A_refused_pattern_of_a_nested_segment_names_the_flag_that_uses_it()
    {
        const string nesting = """{ "targetingType": "SEGMENT", "segmentId": 42 }""";
        var nested = $$""", { "id": 42, "conditionsData": { "firstLevel": [{ "conditions": [{{Condition("a{3000}")}}] }] } }""";

        var warning = TestSite.WithCondition(nesting, nested).Warnings.ShouldHaveSingleItem();

        warning.ShouldContain("segment 42");
        warning.ShouldContain($"'{TestSite.Key}'");
    }

    [Theory]
    [InlineData("", 0)]
    [InlineData("abc", 3)]
    [InlineData("a{3}", 3)]
    [InlineData("(ab){2,5}c", 11)]
    [InlineData("(ab){2,}", 4)]
    [InlineData("((a{10}){10}){10}", 1000)]
    [InlineData("a{,3}", 5)]
    [InlineData("a{x}", 4)]
    [InlineData("[a-z{9}]{4}", 4)]
    [InlineData("[]a]{2}", 2)]
    [InlineData("[^]a]{2}", 2)]
    [InlineData(@"[\]a]{2}", 2)]
    [InlineData("[a-z-[aeiou]]{7}", 7)]
    [InlineData(@"\p{Lu}{3}", 3)]
    [InlineData(@"\{3}", 3)]
    [InlineData("(?:ab){3}", 6)]
    [InlineData("(?<name>ab){3}", 6)]
    [InlineData("(?i)ab", 2)]
    [InlineData("(?<=ab)c", 3)]
    [InlineData("(a|bc){2}", 6)]
    [InlineData("a{99999999999}b", int.MaxValue)]
    public void The_size_of_a_pattern_counts_its_parts_with_repetitions_written_out(string pattern, int size) =>
        PatternSize.Of(pattern).ShouldBe(size);

    [Theory]
    [InlineData("a{10}", 2000, true)]
    [InlineData("a{10}", 2001, false)]
    [InlineData("a{2000}", 10, true)]
    [InlineData("a{2000}", 11, false)]
    [InlineData("abcd", 5000, true)]
    public void The_linear_engine_gets_no_more_work_than_size_times_length_allows(string pattern, int length, bool isLinear)
    {
        var safe = SafePattern.TryCreate(pattern, new Warnings()).ShouldNotBeNull();

        var engine = safe.EngineFor(length);

        engine.Options.HasFlag(RegexOptions.NonBacktracking).ShouldBe(isLinear);
        engine.MatchTimeout.ShouldBe(isLinear ? Regex.InfiniteMatchTimeout : TimeSpan.FromMilliseconds(50));
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
