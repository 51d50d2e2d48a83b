namespace Kameleoon.Hybrid.Tests;

/// <summary>Whoever is decided for and gets nothing that is reported is there, and the platform hears of it.</summary>
public sealed class ActivityTests
{
    private const string Tablet = """{ "targetingType": "DEVICE_TYPE", "device": "TABLET", "include": true }""";

    [Theory]
    [InlineData("/decide/checkout", "anna", "activity")]
    [InlineData("/decide/other", "anna", "experiment")]
    [InlineData("/decide/unknown", "anna", null)]
    [InlineData("/look/checkout", "anna", null)]
    [InlineData("/decide/checkout", null, null)]
    public async Task A_tracked_decision_that_exposes_to_nothing_says_that_the_visitor_is_there(
        string path, string? visitor, string? expected)
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Targeted(Tablet)));
        using var response = await site.GetAsync(
            path,
            visitor is null ? ("Sec-Fetch-Dest", "empty") : ("Cookie", "kameleoonVisitorCode=" + visitor),
            ("Sec-Fetch-Mode", visitor is null ? "cors" : "navigate"));
        await site.CompletedAsync();

        var events = await site.StopAndReadEventsAsync();

        events.Select(sent => sent["eventType"]).ShouldBe(expected is null ? [] : [expected]);
        events.ShouldAllBe(sent => sent["visitorCode"] == "anna" && sent["nonce"].Length == 16);
    }

    [Fact]
    public async Task A_flag_that_is_switched_off_and_a_page_that_nobody_sees_say_nothing()
    {
        await using var site = await TestSite.StartAsync();
        using var off = await site.GetAsync("/decide/dark", ("Cookie", "kameleoonVisitorCode=anna"));
        await using var other = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Targeted(Tablet)));
        using var ahead = await other.GetAsync(
            "/decide/checkout", ("Cookie", "kameleoonVisitorCode=anna"), ("Sec-Purpose", "prefetch"));
        await other.CompletedAsync();

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        (await other.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task One_line_is_enough_and_none_where_something_else_is_said()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(DataFiles.Targeted(Tablet)));
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        var (anna, bert, carl) = (factory.ForVisitor("anna"), factory.ForVisitor("bert"), factory.ForVisitor("carl"));
        anna.GetVariation("checkout");
        anna.IsFeatureActive("checkout");
        bert.GetVariation("checkout");
        bert.TrackConversion(55);
        carl.GetVariations();
        carl.EvaluateAudiences();
        factory.ForVisitor("dora").EvaluateAudiences();

        var events = await site.StopAndReadEventsAsync();

        events.Select(sent => (sent["visitorCode"], sent["eventType"])).ShouldBe(
            [("anna", "activity"), ("bert", "conversion"), ("carl", "experiment"), ("dora", "activity")]);
    }

    [Theory]
    [InlineData(null, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task Where_consent_is_required_only_who_gave_it_is_there(bool? consent, int lines)
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Targeted(Tablet, consentType: "REQUIRED")));
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
        if (consent is { } answer)
        {
            client.SetLegalConsent(answer);
        }

        client.GetVariation("checkout");

        (await site.StopAndReadEventsAsync()).Count(sent => sent["eventType"] == "activity").ShouldBe(lines);
        site.Metrics.Sum("kameleoon.events.dropped").ShouldBe(0);
    }
}
