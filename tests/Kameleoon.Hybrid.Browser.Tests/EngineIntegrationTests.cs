using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The integrations that are built in, against stand-ins of the tools' own objects.</summary>
public sealed class EngineIntegrationTests(Chromium chromium) : IClassFixture<Chromium>
{
    private const string Tools = """
        var calls = [];
        const call = name => (...values) => calls.push(name + JSON.stringify(values));
        var gtag = call('gtag');
        var mixpanel = { track: call('mixpanel.track') };
        var amplitude = {
          Identify: class { set(name, value) { this[name] = value; return this; } },
          identify: call('amplitude.identify'),
        };
        var s = { tl(...values) { calls.push('s.tl' + JSON.stringify([this.linkTrackVars, this.eVar12, ...values])); } };
        var analytics = { track: call('analytics.track'), identify: call('analytics.identify') };
        var _paq = { push: call('_paq.push') };
        var _uxa = { push: call('_uxa.push') };
        var dataLayer = { push: call('dataLayer.push') };
        """;

    [Theory]
    [InlineData("ga4", """gtag["event","Kameleoon Experiment",{"experiment_variation":"5 - Cart - 6 - Blue","event_timeout":2000}]""")]
    [InlineData(
        "gtm",
        """dataLayer.push[{"event":"experience_impression","exp_variant_string":"KAM-5-6","kam_campaign_id":5,"kam_campaign_name":"Cart","kam_variation_id":6,"kam_variation_name":"Blue"}]""")]
    [InlineData(
        "mixpanel",
        """mixpanel.track["$experiment_started",{"Experiment name":"Cart","Variant name":"Blue","Experiment id":5,"Variant id":6,"$source":"kameleoon"}]""")]
    [InlineData(
        "amplitude",
        """amplitude.identify[{"KameleoonCampaignID":5,"KameleoonCampaignName":"Cart","KameleoonVariationID":6,"KameleoonVariationName":"Blue"}]""")]
    [InlineData("adobe", """s.tl["eVar12","Cart (5) / Blue (6)",true,"o","Kameleoon Tracking"]""")]
    [InlineData(
        "segment",
        """analytics.track["Experiment Viewed",{"experimentID":5,"experimentName":"Cart","variationId":6,"variationName":"Blue","nonInteraction":1}]""",
        """analytics.identify[{"Experiment":"Cart:Blue"}]""")]
    [InlineData(
        "piwik",
        """_paq.push[["setCustomDimensionValue","5","5 - Cart / 6 - Blue"]]""",
        """_paq.push[["trackEvent","Kameleoon","5 - Cart","6 - Blue"]]""")]
    [InlineData(
        "contentsquare",
        """_uxa.push[["trackDynamicVariable",{"key":"AB_Kameleoon_5","value":"6"}]]""",
        """_uxa.push[["trackDynamicVariable",{"key":"AB_Kameleoon_5_name","value":"Cart / Blue"}]]""")]
    public async Task Each_tool_gets_the_names_and_ids_once_in_its_documented_form(string name, params string[] calls)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Experiments =
            [
                new EngineExperiment(5, "Cart")
                {
                    Kind = "web",
                    Variations = [new EngineVariation(6, "Blue") { Share = 1 }],
                    Integrations = [name],
                },
            ],
            Integrations = new Dictionary<string, EngineScript>(StringComparer.Ordinal)
            {
                [name] = new(BuiltInIntegrations.Body(name, name == "adobe" ? "{\"eVar\":12}" : "{}")),
            },
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        await page.GotoAsync(site.Add("/", Tools));
        await page.WaitForFunctionAsync($"() => calls.length === {calls.Length}");

        (await page.EvaluateAsync<string[]>("calls")).ShouldBe(calls);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_tool_gets_a_personalization_as_such()
    {
        string[] names = ["ga4", "gtm", "mixpanel", "amplitude", "adobe", "segment", "piwik", "contentsquare"];
        await using var site = await EngineSite.StartAsync(Personalized(names));
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);

        await page.GotoAsync(site.Add("/", Tools));
        await page.WaitForFunctionAsync("() => calls.length === 11");

        (await page.EvaluateAsync<string[]>("calls")).ShouldBe(
        [
            """gtag["event","Kameleoon Personalization",{"experiment_variation":"7 - Banner - 8 - Red","event_timeout":2000}]""",
            """dataLayer.push[{"event":"experience_impression","exp_variant_string":"KAM-7-8","kam_campaign_id":7,"kam_campaign_name":"Banner","kam_variation_id":8,"kam_variation_name":"Red"}]""",
            """mixpanel.track["$experiment_started",{"Experiment name":"Banner","Variant name":"Red","Experiment id":7,"Variant id":8,"$source":"kameleoon"}]""",
            """amplitude.identify[{"KameleoonCampaignID":7,"KameleoonCampaignName":"Banner","KameleoonVariationID":8,"KameleoonVariationName":"Red"}]""",
            """s.tl["eVar12","Banner (7) / Red (8)",true,"o","Kameleoon Tracking"]""",
            """analytics.track["Personalization Viewed",{"personalizationID":7,"personalizationName":"Banner","variationId":8,"variationName":"Red","nonInteraction":1}]""",
            """analytics.identify[{"Personalization":"Banner:Red"}]""",
            """_paq.push[["setCustomDimensionValue","5","7 - Banner / 8 - Red"]]""",
            """_paq.push[["trackEvent","Kameleoon","7 - Banner","8 - Red"]]""",
            """_uxa.push[["trackDynamicVariable",{"key":"PERSO_Kameleoon_7","value":"8"}]]""",
            """_uxa.push[["trackDynamicVariable",{"key":"PERSO_Kameleoon_7_name","value":"Banner / Red"}]]""",
        ]);
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_gtag_the_ga4_integration_pushes_to_the_data_layer()
    {
        await using var site = await EngineSite.StartAsync(Personalized("ga4") with { Experiments = [Cart("ga4")] });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        await page.GotoAsync(site.Add("/", "var dataLayer = [];"));
        await page.WaitForFunctionAsync("() => dataLayer.length === 2");

        (await page.EvaluateAsync<string[]>("dataLayer.map(entry => JSON.stringify(entry))")).ShouldBe(
        [
            """{"event":"Kameleoon Experiment","campaign_id":5,"campaign_name":"Cart","variation_id":6,"variation_name":"Blue"}""",
            """{"event":"Kameleoon Personalization","campaign_id":7,"campaign_name":"Banner","variation_id":8,"variation_name":"Red"}""",
        ]);
    }

    [Fact]
    public async Task A_tool_that_loads_after_the_next_view_gets_every_exposure_once()
    {
        await using var site = await EngineSite.StartAsync(Personalized("gtm") with
        {
            Experiments = [Cart("gtm")],
            Spa = new EngineSinglePage(Enabled: true),
            Segments = [new EngineSegment(1, "next", EngineSite.Conditions(
                """{ "targetingType": "PAGE_URL", "matchType": "CONTAINS", "url": "/next" }"""))],
            Personalizations = [Banner("gtm") with { SegmentId = 1 }],
        });
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/", EngineSite.Recorder));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");

        await page.EvaluateAsync("history.pushState({}, '', '/next')");
        await page.WaitForFunctionAsync("() => Kameleoon.API.Personalizations.getActivatedInVisit().length === 1");
        await page.EvaluateAsync("window.dataLayer = []");
        await page.WaitForFunctionAsync("() => dataLayer.length === 3");

        // The experiment is exposed in both views, the personalization in the second one.
        (await page.EvaluateAsync<string[]>("dataLayer.map(entry => entry.exp_variant_string).sort()"))
            .ShouldBe(["KAM-5-6", "KAM-5-6", "KAM-7-8"]);
    }

    private static EngineExperiment Cart(params string[] integrations) => new(5, "Cart")
    {
        Kind = "web",
        Variations = [new EngineVariation(6, "Blue") { Share = 1 }],
        Integrations = integrations,
    };

    private static EnginePersonalization Banner(params string[] integrations) =>
        new(7, "Banner") { Variation = new EngineVariation(8, "Red"), Integrations = integrations };

    private static EngineConfiguration Personalized(params string[] names) => new()
    {
        Personalizations = [Banner(names)],
        Integrations = names.ToDictionary(
            name => name,
            name => new EngineScript(BuiltInIntegrations.Body(name, name == "adobe" ? "{\"eVar\":12}" : "{}")),
            StringComparer.Ordinal),
    };
}
