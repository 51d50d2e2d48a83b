using System.Text;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class VariableMismatchTests
{
    private readonly List<VariableMismatch> _mismatches = [];

    [Theory]
    [InlineData("BOOLEAN", "true", "NUMBER STRING JSON (Int32[])")]
    [InlineData("NUMBER", "3000000000", "BOOLEAN STRING JSON (Int32[])")]
    [InlineData("STRING", "\"[1]\"", "BOOLEAN NUMBER JSON (Int32[])")]
    [InlineData("CSS", "\"a{}\"", "BOOLEAN NUMBER JSON (Int32[])")]
    [InlineData("JSON", "\"[1]\"", "BOOLEAN NUMBER STRING")]
    [InlineData("JSON", "\"{}\"", "BOOLEAN NUMBER STRING JSON (Int32[])")]
    [InlineData("JSON", "\"{\"", "BOOLEAN NUMBER STRING JSON (Int32[])")]
    [InlineData("STRING", "null", "BOOLEAN NUMBER STRING JSON (Int32[])")]
    public void What_a_variable_is_not_is_heard_of(string type, string value, string expected)
    {
        var variation = Decide(type, value);

        variation.GetBoolean("v");
        variation.GetNumber("v");
        variation.GetString("v");
        variation.GetJson<int[]>("v");

        string.Join(' ', _mismatches.Select(mismatch => mismatch.AskedType)).ShouldBe(expected);
        _mismatches.ShouldAllBe(mismatch => mismatch.FeatureKey == "flag" && mismatch.VariationKey == "on"
            && mismatch.Variable.Key == "v" && mismatch.Variable.Type == type);
    }

    [Fact]
    public void An_absent_variable_is_no_mismatch_nor_is_one_of_a_bare_variation()
    {
        Decide("NUMBER", "1").GetBoolean("absent", fallback: true).ShouldBeTrue();
        Variation.Off(DecisionReason.UnknownFlag).GetString("v", "fallback").ShouldBe("fallback");

        _mismatches.ShouldBeEmpty();
    }

    [Fact]
    public void Nobody_has_to_listen()
    {
        var variation = DataFile.Parse(Site("NUMBER", "1")).Decide("flag", new TestVisitor("v")).Variation;

        variation.GetString("v", "fallback").ShouldBe("fallback");
        variation.GetJson<int[]>("v", [7]).ShouldBe([7]);
    }

    private Variation Decide(string type, string value) =>
        DataFile.Parse(Site(type, value), _mismatches.Add).Decide("flag", new TestVisitor("v")).Variation;

    private static byte[] Site(string type, string value) => Encoding.UTF8.GetBytes($$"""
        { "featureFlags": [{ "featureKey": "flag", "environmentEnabled": true, "defaultVariationKey": "on",
          "variations": [{ "key": "on", "variables": [{ "key": "v", "type": "{{type}}", "value": {{value}} }] }] }] }
        """);
}
