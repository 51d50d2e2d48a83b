using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>For the same story this library sends what the official SDKs were recorded to send: method, address, headers and
/// lines.</summary>
public sealed class GoldenWireTests
{
    private static readonly Story.Step[] Known =
    [
        .. GoStories.All.Concat(PhpStories.All).Concat(PhpConsentStories.All).Concat(JavaScriptStories.All)
            .SelectMany(story => story.Steps),
    ];

    public static TheoryData<string> Compared { get; } = [.. Known.Where(step => step.WhyNot is null).Select(step => step.Key)];

    public static TheoryData<string> OfOneFormat { get; } = [.. PhpStories.SameBytes];

    [Fact]
    public void Every_recorded_step_is_told_or_left_out_for_a_reason()
    {
        var recorded = RecordedTraffic.Names.SelectMany(name => RecordedTraffic.Steps(name).Keys.Select(step => $"{name}: {step}"));
        string[] known = [.. Known.Select(step => step.Key), .. GoldenCookieTests.Known];

        known.ShouldBeUnique(StringComparer.Ordinal);
        known.Order(StringComparer.Ordinal).ShouldBe(recorded.Order(StringComparer.Ordinal));
        Known.ShouldAllBe(step => step.WhyNot == null || step.WhyNot.Length > 20);
    }

    [Theory]
    [MemberData(nameof(Compared))]
    public async Task The_same_story_is_the_same_traffic(string key)
    {
        var step = await ToldAsync(key);

        var recorded = RecordedTraffic.Steps(step.Story.Recording)[step.Name];
        if (recorded.TryGetProperty("observed", out var observed))
        {
            step.SeenText.ShouldBe(JsonSerializer.Serialize(observed));
        }
        else
        {
            Read(step, step.Sent).ShouldBe(Read(step, RecordedTraffic.Requests(recorded).Select(step.Story.Reading)));
        }
    }

    [Theory]
    [MemberData(nameof(OfOneFormat))]
    public async Task Where_the_order_of_parameters_agrees_it_is_the_same_byte_for_byte(string key)
    {
        var step = await ToldAsync(key);

        step.Sent.Where(sent => sent.IsTracking).SelectMany(sent => sent.Bytes()).ShouldBe(RecordedTraffic
            .Requests(RecordedTraffic.Steps(step.Story.Recording)[step.Name])
            .Where(sent => sent.IsTracking).SelectMany(sent => sent.Bytes()));
    }

    private static async Task<Story.Step> ToldAsync(string key)
    {
        var step = Known.Single(step => step.Key == key);
        await step.Story.ToldAsync();
        step.Failure.ShouldBeNull(step.Failure?.ToString());
        return step;
    }

    private static string[] Read(Story.Step step, IEnumerable<WireRequest> requests)
    {
        var nonces = new List<string>();
        return [.. step.Common(requests).Select(request => request.Read(nonces, step.Story.IsOrdered))];
    }
}
