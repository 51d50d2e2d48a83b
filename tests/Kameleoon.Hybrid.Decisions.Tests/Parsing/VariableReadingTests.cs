using System.Globalization;
using System.Text.Json;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class VariableReadingTests
{
    [Theory]
    [InlineData("3", 3)]
    [InlineData("-2147483648", int.MinValue)]
    [InlineData("2147483648", 2147483648L)]
    [InlineData("1.5", 1.5)]
    [InlineData("1e2", 100.0)]
    [InlineData("9223372036854775808", 9223372036854775808.0)]
    [InlineData("true", true)]
    [InlineData("\"\"", "")]
    [InlineData("null", null)]
    public void A_value_has_the_first_type_that_holds_it(string json, object? expected) =>
        Variable("NUMBER", json).Value.ShouldBe(expected);

    [Theory]
    [InlineData("\"{\\\"a\\\":[1]}\"", "{\"a\":[1]}")]
    [InlineData("{\"a\": [1]}", "{\"a\": [1]}")]
    [InlineData("\"null\"", "null")]
    [InlineData("[]", "[]")]
    public void JSON_is_parsed_once(string json, string expected)
    {
        var variable = Variable("JSON", json);

        var values = new object?[64];
        Parallel.For(0, values.Length, i => values[i] = variable.Value);

        values.ShouldAllBe(value => ReferenceEquals(value, values[0]));
        values[0].ShouldBeOfType<JsonElement>().GetRawText().ShouldBe(expected);
    }

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"{\"")]
    public void Text_that_is_not_JSON_is_no_value(string json)
    {
        var variable = Variable("JSON", json);

        variable.Value.ShouldBeNull();
        variable.Value.ShouldBeNull();
    }

    [Fact]
    public void A_variation_may_have_any_number_of_variables_of_which_the_later_of_one_key_wins()
    {
        var variables = string.Join(',', Enumerable.Range(0, 1000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{ "key": "v{{i % 500}}", "type": "NUMBER", "value": {{i}} }""")));

        var variation = TestSite.WithRule(flag: $$""", "variations": [{ "key": "on", "variables": [{{variables}}] }]""")
            .FindFlag(TestSite.Key)!.Variations["on"];

        variation.Variables.Keys.ShouldBe(Enumerable.Range(0, 500).Select(i => $"v{i}"));
        variation.Variables["v7"].Value.ShouldBe(507);
        variation.Variables.ContainsKey("v500").ShouldBeFalse();
        Should.Throw<KeyNotFoundException>(() => variation.Variables["v500"]);
    }

    [Fact]
    public void Who_asks_at_once_gets_the_same_variations()
    {
        for (var round = 0; round < 50; round++)
        {
            var dataFile = TestSite.WithRule();
            var flag = dataFile.FindFlag(TestSite.Key)!;
            var catalogues = new object[8];
            var decided = new Variation[8];

            Parallel.For(0, 8, i =>
            {
                catalogues[i] = flag.Variations["on"];
                decided[i] = dataFile.Decide(flag, new TestVisitor("v")).Variation;
            });

            catalogues.ShouldAllBe(variation => ReferenceEquals(variation, catalogues[0]));
            decided.ShouldAllBe(variation => ReferenceEquals(variation, decided[0]));
        }
    }

    [Fact]
    public void Variations_that_are_no_UTF8_are_refused_where_they_are_read()
    {
        byte[] json = [.. """{"featureFlags":[{"variations":[{"key":"""u8, (byte)'"', 0xFF, (byte)'"', .. "}]}]}"u8];

        Should.Throw<DataFileException>(() => DataFile.Parse(json)).Message.ShouldContain("variations[0].key");
    }

    private static Variable Variable(string type, string value) => TestSite
        .WithRule(flag: $$""", "variations": [{ "key": "on", "variables": [{ "key": "v", "type": "{{type}}", "value": {{value}} }] }]""")
        .FindFlag(TestSite.Key)!.Variations["on"].Variables["v"];
}
