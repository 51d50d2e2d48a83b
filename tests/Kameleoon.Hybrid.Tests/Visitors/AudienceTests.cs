namespace Kameleoon.Hybrid.Tests;

public sealed class AudienceTests
{
    private const string Anna = """{ "targetingType": "VISITOR_CODE", "matchType": "EXACT", "visitorCode": "anna" }""";

    [Fact]
    public async Task The_segments_a_visitor_belongs_to_are_reported_between_exposures_and_conversions()
    {
        await using var site = await StartAsync();
        await site.ReadAsAsync("anna", "/audiences");
        await site.ReadAsAsync("bert", "/audiences");

        var events = (await site.StopAndReadEventsAsync()).Where(line => line["visitorCode"] is "anna").ToList();

        events.Select(line => line["eventType"]).ShouldBe(["experiment", "targetingSegment", "conversion"]);
        events[1]["id"].ShouldBe("41");
        events[1]["nonce"].ShouldMatch("^[0-9A-F]{16}$");
        site.Platform.Events.Count(line => line["eventType"] is "targetingSegment").ShouldBe(1);
    }

    [Fact]
    public async Task Where_consent_is_required_none_is()
    {
        await using var site = await StartAsync("REQUIRED");

        await site.ReadAsAsync("anna", "/audiences");

        (await site.StopAndReadEventsAsync()).ShouldAllBe(line => line["eventType"] == "conversion");
    }

    private static Task<TestSite> StartAsync(string consentType = "NOT_REQUIRED") => TestSite.StartAsync(
        map: app => app.MapGet("/audiences", (IKameleoonClient client) =>
        {
            client.TrackConversion(5);
            client.EvaluateAudiences();
            client.GetVariation("checkout");
        }),
        platform: DataFiles.Serving(DataFiles.Targeted(Anna, consentType)),
        clock: new ManualClock()); // Everything leaves in one batch, whose order this is about.
}
