using System.Collections.Concurrent;
using System.Text;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Testing.Tests;

/// <summary>The combinations of variations that visitors can get, and the tests that run for each of them.</summary>
public sealed class MatrixTests(FactoryTests.ApiFactory site) : IClassFixture<FactoryTests.ApiFactory>
{
    [Theory]
    [KameleoonMatrix("shipping", "packing", Project = "flags.json")]
    public async Task Each_row_of_a_theory_has_a_visitor_with_its_combination(KameleoonCombination combination)
    {
        using var visitor = await combination.CreateClientAsync(site);

        var answer = await visitor.GetStringAsync(new Uri("/shipping", UriKind.Relative));

        answer.ShouldContain($"\"variation\":\"{combination.Variations["shipping"]}\"");
        site.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(combination.VisitorCode)
            .GetVariation("packing").Key.ShouldBe(combination.Variations["packing"]);
    }

    [Fact]
    public void All_variations_of_independent_flags_are_combined() => Of("""
        {
          "a": { "variations": { "off": {}, "on": {} }, "rules": [{ "split": { "off": 1, "on": 1 } }] },
          "b": { "variations": { "off": {}, "x": {}, "y": {} }, "rules": [{ "traffic": 50, "split": { "x": 1, "y": 1 } }] }
        }
        """, "a", "b").ShouldBe(["a=off, b=off", "a=off, b=x", "a=off, b=y", "a=on, b=off", "a=on, b=x", "a=on, b=y"], ignoreOrder: true);

    [Fact]
    public void A_flag_that_is_off_and_a_variation_that_no_rule_gives_are_left_out() => Of("""
        {
          "a": { "enabled": false, "variations": { "off": {}, "on": {} }, "rules": [{ "deliver": "on" }] },
          "b": { "variations": { "off": {}, "x": {}, "never": {} }, "rules": [{ "split": { "off": 1, "x": 1, "never": 0 } }] },
          "c": { "variations": { "off": {}, "first": {}, "second": {} }, "rules": [{ "deliver": "first" }, { "deliver": "second" }] }
        }
        """, "a", "b", "c").ShouldBe(["a=off, b=off, c=first", "a=off, b=x, c=first"]);

    [Fact]
    public void A_mutually_exclusive_group_gives_one_of_its_flags_at_most() => Of("""
        {
          "a": { "group": "g", "variations": { "off": {}, "on": {} }, "rules": [{ "split": { "off": 1, "on": 1 } }] },
          "b": { "group": "g", "variations": { "off": {}, "on": {} }, "rules": [{ "split": { "off": 1, "on": 1 } }] }
        }
        """, "a", "b").ShouldBe(["a=off, b=off", "a=off, b=on", "a=on, b=off"], ignoreOrder: true);

    [Fact]
    public void Visitors_of_the_matrix_are_not_in_the_holdout() => Of("""
        { "a": { "variations": { "off": {}, "on": {} }, "rules": [{ "split": { "off": 1, "on": 1 } }] } }
        """, holdout: 60, "a").ShouldBe(["a=off", "a=on"]);

    [Fact]
    public void Above_the_limit_each_two_variations_of_different_flags_occur_together()
    {
        string[] flags = ["a", "b", "c", "d", "e"];
        var project = "{" + string.Join(',', flags.Select(static flag =>
            $$"""
            "{{flag}}": { "variations": { "off": {}, "x": {}, "y": {} }, "rules": [{ "split": { "off": 1, "x": 1, "y": 1 } }] }
            """)) + "}";

        var combinations = KameleoonMatrix.Of(Project(project, holdout: 0), flags, limit: 50);

        combinations.Count.ShouldBeLessThan(30); // of 243
        foreach (var first in flags)
        {
            foreach (var second in flags)
            {
                combinations.Select(one => one.Variations[first] + one.Variations[second]).ToHashSet(StringComparer.Ordinal).Count
                    .ShouldBe(string.Equals(first, second, StringComparison.Ordinal) ? 3 : 9, $"{first} and {second}");
            }
        }
    }

    [Fact]
    public void An_unknown_flag_and_a_project_with_mistakes_are_told()
    {
        Should.Throw<ArgumentException>(() => Of("""{ "a": { "variations": { "off": {} } } }""", "b")).Message
            .ShouldContain("no flag \"b\". It has: a");
        Should.Throw<ArgumentException>(() => KameleoonMatrix.Of("{ \"flags\": 5 }"u8, ["a"])).Message.ShouldContain("flags");
    }

    [Fact]
    public async Task Each_combination_is_tested_and_those_that_fail_are_named()
    {
        var tested = new ConcurrentBag<string>();

        var failure = await Should.ThrowAsync<AggregateException>(() => site.TestEachAsync(["shipping", "packing"], async (combination, client) =>
        {
            tested.Add(combination.ToString());
            var answer = await client.GetStringAsync(new Uri("/shipping", UriKind.Relative));
            answer.ShouldContain($"\"variation\":\"{combination.Variations["shipping"]}\"");
            (combination.Variations["packing"] is "bag").ShouldBeFalse();
        }));

        tested.Count.ShouldBe(4);
        failure.InnerExceptions.Select(static one => one.Message.Split(':')[0]).Order(StringComparer.Ordinal)
            .ShouldBe(["shipping=flat, packing=bag", "shipping=free, packing=bag"]);
    }

    [Fact]
    public async Task A_control_that_differs_from_the_flag_being_off_is_told_with_the_line()
    {
        await using var plain = new Microsoft.AspNetCore.Mvc.Testing.WebApplicationFactory<Program>();
        await using var alone = plain.WithKameleoonSandbox("flags.json");

        await alone.ControlEqualsOffAsync("packing", "/shipping");
        var difference = await Should.ThrowAsync<InvalidOperationException>(() => alone.ControlEqualsOffAsync("shipping", "/shipping"));

        difference.Message.ShouldContain("\"variation\":\"flat\"");
        difference.Message.ShouldContain("\"variation\":\"off\"");
        alone.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("control-shipping")
            .GetVariation("shipping").Key.ShouldBe("flat");
    }

    private static IEnumerable<string> Of(string flags, params string[] keys) => Of(flags, holdout: 0, keys);

    private static IEnumerable<string> Of(string flags, int holdout, params string[] keys) =>
        KameleoonMatrix.Of(Project(flags, holdout), keys).Select(static one => one.ToString());

    private static byte[] Project(string flags, int holdout) =>
        Encoding.UTF8.GetBytes($$"""{ {{(holdout > 0 ? $$"""
            "holdout": { "percent": {{holdout}} },
            """ : "")}} "flags": {{flags}} }""");
}
