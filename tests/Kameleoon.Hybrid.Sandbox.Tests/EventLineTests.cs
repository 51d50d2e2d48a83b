namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class EventLineTests
{
    private const string Good = "nonce=0123456789abcdef&visitorCode=v";

    [Theory]
    [InlineData("eventType=EXPERIMENT&id=1&variationId=0", "experiment")]
    [InlineData("eventType=CUSTOM_DATA&index=1&valuesCountMap=%7B%7D", "customData")]
    [InlineData("eventType=staticData&deviceType=PHONE", "staticData")]
    [InlineData("eventType=activity", "activity")]
    [InlineData("eventType=conversion&goalId=5&revenue=1e2&metadata=%7B%225%22%3A%5B%22a%22%5D%7D", "conversion")]
    [InlineData("eventType=page&href=%2F%3Fx%3D1%26y%3D%C3%A9&title=a!*'()", "page")]
    public void Sound_lines_count_in_every_spelling_of_the_type(string line, string type)
    {
        var parsed = Parse($"{line}&{Good}");

        parsed.Type.ShouldBe(type);
        parsed.Violations.ShouldBeEmpty();
        parsed.Counts.ShouldBeTrue();
    }

    [Theory]
    [InlineData("nonce=0123456789ABCDEF&visitorCode=v", "eventType is missing.")]
    [InlineData($"eventType=juggle&{Good}", "eventType \"juggle\" is unknown.")]
    [InlineData("eventType=activity&visitorCode=v", "nonce is missing.")]
    [InlineData("eventType=activity&visitorCode=v&nonce=0123", "nonce is not 16 hexadecimal characters.")]
    [InlineData("eventType=activity&nonce=0123456789ABCDEF", "No visitor: neither visitorCode nor mappingValue.")]
    [InlineData($"eventType=experiment&variationId=1&{Good}", "The experiment event has no id.")]
    [InlineData($"eventType=experiment&id=1&variationId=1.5&{Good}",
        "variationId is \"1.5\", which is not a whole number.")]
    [InlineData($"eventType=conversion&goalId=1&revenue=1,5&{Good}",
        "revenue is \"1,5\", which is not an amount with a decimal point.")]
    [InlineData($"eventType=conversion&goalId=1&revenue=1e20&{Good}",
        "revenue is \"1e20\", which is not an amount with a decimal point.")]
    [InlineData($"eventType=customData&index=1&valuesCountMap=%5B%5D&{Good}",
        "valuesCountMap is \"[]\", which is not a JSON object.")]
    [InlineData($"eventType=activity&x=%zz&{Good}", "x is not percent-encoded.")]
    [InlineData($"eventType=activity&x=1&x=2&{Good}", "x stands twice.")]
    [InlineData($"eventType=activity&{Good}&userAgent=a & b", "\" b\" is not a name=value pair.")]
    public void Unsound_lines_do_not_count_and_say_why(string line, string violation)
    {
        var parsed = Parse(line);

        parsed.Violations.ShouldBe([violation]);
        parsed.Counts.ShouldBeFalse();
    }

    [Fact]
    public void A_visitor_in_the_URL_must_not_be_repeated_in_the_line()
    {
        var parsed = EventLineParser.Parse($"eventType=activity&{Good}", "other", null);

        parsed.VisitorCode.ShouldBe("other");
        parsed.Violations.ShouldBe(["visitorCode stands in the URL and in the line."]);
    }

    [Theory]
    [InlineData(100, 0, true)]
    [InlineData(101, 1, true)]
    [InlineData(255, 1, true)]
    [InlineData(256, 1, false)]
    public void Long_visitor_codes_are_questioned_first_and_refused_later(int length, int violations, bool counts)
    {
        var parsed = Parse($"eventType=activity&nonce=0123456789ABCDEF&visitorCode={new string('v', length)}");

        parsed.Violations.Count.ShouldBe(violations);
        parsed.Counts.ShouldBe(counts);
        parsed.VisitorCode!.Length.ShouldBeLessThanOrEqualTo(255);
    }

    [Fact]
    public void A_line_of_a_linked_person_is_filed_under_the_mapping_value() =>
        Parse("eventType=activity&nonce=0123456789ABCDEF&mappingValue=user-77").VisitorCode.ShouldBe("user-77");

    [Fact]
    public void A_huge_line_is_kept_short()
    {
        var fields = string.Concat(Enumerable.Range(0, 1000).Select(i => $"&field{i}={new string('x', 1000)}"));

        var parsed = Parse($"eventType=activity&{Good}{fields}");

        parsed.Fields.Sum(field => field.Key.Length + field.Value.Length).ShouldBeLessThan(4100);
    }

    [Fact]
    public void A_violation_quotes_no_line_break_and_no_novel()
    {
        var parsed = Parse($"eventType=%0D%0Aforged{new string('x', 500)}&{Good}");

        parsed.Violations.Single().Any(char.IsControl).ShouldBeFalse();
        parsed.Violations.Single().Length.ShouldBeLessThan(100);
    }

    [Theory]
    [InlineData("eventType=experiment&x={long}&id=1&variationId=2", true)]
    [InlineData("eventType=customData&mappingIdentifier=true&index=1&valuesCountMap=%7B%22{half}%22%3A1%7D", true)]
    [InlineData("eventType=customData&index=1&valuesCountMap=%7B%22{long}{long}%22%3A1%7D", false)]
    [InlineData("eventType=conversion&goalId=5&revenue=1.{long}{long}", false)]
    public void What_figures_are_made_of_is_kept_whole_or_not_counted(string line, bool counts)
    {
        var text = line.Replace("{long}", new string('1', 9000), StringComparison.Ordinal)
            .Replace("{half}", new string('1', 5000), StringComparison.Ordinal);

        var parsed = Parse($"{text}&{Good}");

        parsed.Counts.ShouldBe(counts);
        (parsed.Violations.Count == 0).ShouldBe(counts);
    }

    private static EventLine Parse(string line) => EventLineParser.Parse(line, null, null);
}
