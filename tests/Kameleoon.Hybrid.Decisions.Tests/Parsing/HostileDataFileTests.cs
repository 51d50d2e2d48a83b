using System.Globalization;
using System.Text;

namespace Kameleoon.Hybrid.Decisions.Tests;

public sealed class HostileDataFileTests
{
    [Theory]
    [InlineData("[")]
    [InlineData("{\"a\":")]
    [InlineData("{\"featureFlags\":[{\"variations\":[{\"variables\":[{\"value\":[")]
    public void Deep_nesting_is_refused(string opening)
    {
        var json = string.Concat(Enumerable.Repeat(opening, 100_000));

        Should.Throw<DataFileException>(() => TestSite.Parse(json));
    }

    [Theory]
    [InlineData("\"anything\": {0}")]
    [InlineData("\"segments\": [{{ \"conditionsData\": {{ \"firstLevel\": [{{ \"conditions\": [{0}] }}] }} }}]")]
    [InlineData("\"featureFlags\": [{{ \"variations\": [{{ \"variables\": [{{ \"value\": {0} }}] }}] }}]")]
    public void A_tree_of_200_levels_is_refused_for_its_depth(string members)
    {
        var tree = string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200);

        Should.Throw<DataFileException>(() => TestSite.Parse($"{{{string.Format(CultureInfo.InvariantCulture, members, tree)}}}"))
            .Message.ShouldContain("depth");
    }

    [Fact]
    public void Reading_and_deciding_the_flags_of_one_group_takes_work_in_proportion_to_their_number()
    {
        const int Times = 8;
        var (small, large) = (GroupOf(4000), GroupOf(4000 * Times));

        var growth = ProcessorTime.Growth(() => Admitted(small).ShouldBe(1), () => Admitted(large).ShouldBe(1));

        // Work that grows with the square takes 64 times as much.
        growth.ShouldBeLessThan(3 * Times);
    }

    [Theory]
    [InlineData(12_500)]
    [InlineData(100_000)]
    public void Reading_the_flags_of_one_group_allocates_the_same_for_each(int flags)
    {
        var json = GroupOf(flags);

        var before = GC.GetAllocatedBytesForCurrentThread();
        DataFile.Parse(json);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        (allocated / flags).ShouldBeLessThan(1000);
    }

    [Fact]
    public void A_text_of_ten_megabytes_is_read()
    {
        var text = new string('x', 10_000_000);

        var dataFile = TestSite.Parse($$"""
            {"featureFlags":[{"featureKey":"{{text}}","variations":[{"key":"on","variables":[{"key":"v","value":"{{text}}"}]}]}]}
            """);

        dataFile.FindFlag(text)!.Variations["on"].GetString("v")!.Length.ShouldBe(text.Length);
    }

    [Theory]
    [InlineData("1e400")]
    [InlineData("-1e400")]
    [InlineData("123456789012345678901234567890")]
    public void Huge_shares_and_variables_do_no_harm(string number)
    {
        var dataFile = TestSite.Parse($$"""
            { "featureFlags": [{ "featureKey": "flag", "environmentEnabled": true, "defaultVariationKey": "off",
              "variations": [{ "key": "on", "variables": [{ "key": "n", "type": "NUMBER", "value": {{number}} }] }],
              "rules": [{ "id": 1, "exposition": {{number}}, "experimentId": 2, "variationByExposition": [
                { "variationKey": "on", "variationId": 3, "exposition": {{number}} }] }] }] }
            """);

        dataFile.Decide("flag", new TestVisitor("v")).Variation.Key.ShouldBe(number.StartsWith('-') ? "off" : "on");
        dataFile.FindFlag("flag")!.Variations["on"].GetNumber("n").ShouldNotBe(0);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("01")]
    public void What_JSON_does_not_call_a_number_is_refused(string number) =>
        Should.Throw<DataFileException>(() => TestSite.WithRule($", \"exposition\": {number}"));

    [Fact]
    public void An_id_beyond_64_bits_is_refused() =>
        Should.Throw<DataFileException>(() => TestSite.WithRule(", \"experimentId\": 9223372036854775808"));

    [Theory]
    [InlineData("\"featureFlags\": [{ \"featureKey\": \"\\ud800\" }]")]
    [InlineData("\"featureFlags\": [{ \"\\udc00\": 1, \"id\": \"\\ud800\" }]")]
    [InlineData("\"featureFlags\": [{ \"variations\": [{ \"key\": \"\\ud800\" }] }]")]
    [InlineData("\"featureFlags\": [{ \"variations\": [{ \"variables\": [{ \"type\": \"\\udc00\" }] }] }]")]
    public void Half_a_surrogate_pair_in_a_name_is_refused(string members) =>
        Should.Throw<DataFileException>(() => TestSite.Parse($"{{{members}}}"));

    [Theory]
    [InlineData("STRING", "\\ud800")]
    [InlineData("JSON", "\\ud800")]
    [InlineData("JSON", "{\\\"a\\\":\\\"\\\\ud800\\\"}")]
    public void Half_a_surrogate_pair_in_a_value_is_no_text(string type, string value)
    {
        var dataFile = TestSite.Parse($$"""
            { "featureFlags": [{ "featureKey": "flag", "variations": [
              { "key": "on", "variables": [{ "key": "v", "type": "{{type}}", "value": "{{value}}" }] }] }] }
            """);

        var variation = dataFile.FindFlag("flag")!.Variations["on"];

        variation.GetString("v", "fallback").ShouldBe("fallback");
        variation.GetJson<Dictionary<string, string>>("v").ShouldBeNull();
    }

    [Theory]
    [InlineData("""{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "\ud800", "valueMatchType": "EXACT" }""")]
    [InlineData("""{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "0", "valueMatchType": "AMONG_VALUES", "value": "[\"\\ud800\"]" }""")]
    [InlineData("""{ "targetingType": "CUSTOM_DATUM", "customDataIndex": [], "valueMatchType": "EXACT" }""")]
    [InlineData("""{ "targetingType": "CUSTOM_DATUM", "customDataIndex": 1e9, "valueMatchType": "EXACT" }""")]
    public void A_condition_that_makes_no_sense_never_holds(string condition)
    {
        var visitor = new TestVisitor("v");
        visitor.Record.CustomData[0] = [""];

        TestSite.Targets(condition, visitor).ShouldBeFalse();
    }

    [Fact]
    public void A_hundred_thousand_conditions_do_not_exhaust_the_stack()
    {
        const string False = """{ "targetingType": "DEVICE_TYPE", "device": "PHONE" },""";
        var conditions = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
        {
            conditions.Append(False);
        }

        var operators = string.Join(',', Enumerable.Repeat("true", 100_000));
        var dataFile = TestSite.WithSegment($$"""
            { "firstLevel": [{ "orOperators": [{{operators}}],
              "conditions": [{{conditions}} { "targetingType": "VISITOR_CODE", "matchType": "EXACT", "visitorCode": "v" }] }] }
            """);

        TestSite.Targets(dataFile, new TestVisitor("v")).ShouldBeTrue();
        TestSite.Targets(dataFile, new TestVisitor("w")).ShouldBeFalse();
    }

    [Fact]
    public void Warnings_stay_readable_however_much_is_wrong()
    {
        var conditions = string.Join(',', Enumerable.Range(0, 5000).Select(i => string.Create(
            CultureInfo.InvariantCulture, $$"""{ "targetingType": "NEW_{{i}}" }""")));

        var dataFile = TestSite.WithCondition(conditions);

        dataFile.Warnings.Count.ShouldBeLessThan(110);
        dataFile.Warnings[^1].ShouldContain("more warnings");
    }

    private static byte[] GroupOf(int flags)
    {
        var all = string.Join(',', Enumerable.Range(0, flags).Select(i => string.Create(
            CultureInfo.InvariantCulture,
            $$"""{"id":{{i}},"featureKey":"f{{i}}","environmentEnabled":true,"mutuallyExclusiveGroup":"g"}""")));
        return Encoding.UTF8.GetBytes($$"""{"featureFlags":[{{all}}]}""");
    }

    private static int Admitted(byte[] json)
    {
        // One visitor for all flags, so that the collector, which reads the whole of a new data file each time, does not run.
        var visitor = new TestVisitor("v");
        var dataFile = DataFile.Parse(json);
        return dataFile.Flags.Count(flag =>
            dataFile.Decide(flag, visitor).Variation.Reason == DecisionReason.Default);
    }
}
