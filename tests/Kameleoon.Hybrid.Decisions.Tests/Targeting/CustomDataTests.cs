using System.Text;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

/// <summary>Where the official SDKs disagree; what they share is in the vectors.</summary>
public sealed class CustomDataTests
{
    [Theory]
    [InlineData("EQUAL", "6", " 6 ", true)]
    [InlineData("EQUAL", "1000", "1e3", true)]
    [InlineData("EQUAL", "6", "6abc", false)]
    [InlineData("EQUAL", "0", "", false)]
    [InlineData("EQUAL", "", "", false)]
    [InlineData("EQUAL", "16", "0x10", false)]
    [InlineData("GREATER", "6", "Infinity", true)]
    [InlineData("LOWER", "6", "NaN", false)]
    [InlineData("EQUAL", "NaN", "NaN", false)]
    [InlineData("EXACT", "1", "1.0", false)]
    [InlineData("TRUE", "", "TRUE", true)]
    [InlineData("TRUE", "", "1", false)]
    [InlineData("FALSE", "", "False", true)]
    [InlineData("SOMETHING", "a", "a", false)]
    public void Texts_numbers_and_booleans_compare_strictly(
        string operation,
        string expected,
        string value,
        bool holds) =>
        Holds(operation, expected, value).ShouldBe(holds);

    [Theory]
    [InlineData("[\"a\", \"b\"]", "b", true)]
    [InlineData("[1.0]", "1", true)]
    [InlineData("[1.50]", "1.5", true)]
    [InlineData("[1000000]", "1000000", true)]
    [InlineData("[1e20]", "100000000000000000000", true)]
    [InlineData("[-1.25e-7]", "-0.000000125", true)]
    [InlineData("[9007199254740993]", "9007199254740993", true)]
    [InlineData("[1e999]", "Infinity", false)]
    [InlineData("[true]", "true", true)]
    [InlineData("[null]", "", false)]
    [InlineData("[]", "", false)]
    [InlineData("a", "a", false)]
    [InlineData("{\"a\": 1}", "a", false)]
    public void Elements_of_a_list_compare_as_texts(string list, string value, bool holds) =>
        Holds("AMONG_VALUES", list, value).ShouldBe(holds);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("{}")]
    [InlineData("[1")]
    [InlineData("[1] 2")]
    public void A_list_that_is_none_is_reported_when_the_data_file_is_read(string list) => DataFile.Parse(Encoding.UTF8.GetBytes($$"""
        { "featureFlags": [], "configuration": {}, "segments": [{ "id": 1, "conditionsData": { "firstLevel": [{ "conditions": [
          { "targetingType": "CUSTOM_DATUM", "customDataIndex": "3", "valueMatchType": "AMONG_VALUES", "value": "{{list}}" }] }] } }] }
        """)).Warnings.ShouldHaveSingleItem().ShouldContain("AMONG_VALUES");

    [Theory]
    [InlineData("5", true)]
    [InlineData("10", true)]
    [InlineData("4.9", false)]
    [InlineData("x", false)]
    public void A_range_includes_its_ends(string value, bool holds) => TestSite.Targets(
        """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": 3, "valueMatchType": "RANGE", "range": [5, 10] }""",
        Visitor(value)).ShouldBe(holds);

    [Fact]
    public void A_slot_without_values_is_known_and_holds_nothing()
    {
        Holds("UNDEFINED", "").ShouldBeFalse();
        Holds("CONTAINS", "").ShouldBeFalse();
        Holds("CONTAINS", "", "a").ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("\"-1\"")]
    public void An_index_that_is_none_is_an_unknown_slot(string index) => TestSite.Targets(
        $$"""{ "targetingType": "CUSTOM_DATUM", "customDataIndex": {{index}}, "valueMatchType": "UNDEFINED" }""",
        Visitor("a")).ShouldBeTrue();

    private static bool Holds(string operation, string expected, params string[] values) => TestSite.Targets(
        $$"""
        { "targetingType": "CUSTOM_DATUM", "customDataIndex": "03", "valueMatchType": "{{operation}}",
          "value": {{JsonSerializer.Serialize(expected)}} }
        """,
        Visitor(values));

    private static TestVisitor Visitor(params string[] values)
    {
        var visitor = new TestVisitor("visitor");
        visitor.Record.CustomData[3] = values;
        return visitor;
    }
}
