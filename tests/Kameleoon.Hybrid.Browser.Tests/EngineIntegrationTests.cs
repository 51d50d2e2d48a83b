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
}
