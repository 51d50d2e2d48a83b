using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The official JavaScript SDK tracks, in a browser and unchanged, what our server decides.</summary>
public sealed class OfficialSdkTests
{
    [OfficialCoreFact]
    public async Task The_official_SDK_in_a_browser_knows_our_visitors_and_decides_and_reports_as_our_server()
    {
        await using var shop = await OfficialSdkShop.StartAsync();
        var shown = new Dictionary<string, string>(StringComparer.Ordinal);
        while (shown.Count < 4 || shown.Values.Distinct(StringComparer.Ordinal).Count() < 2)
        {
            await using var visitor = await shop.NewVisitorAsync();
            var page = await visitor.NewPageAsync();
            var complaints = ComplaintsOf(page);

            var code = CookieIn(await (await page.GotoAsync(OfficialSdkShop.At("/page")))!.HeadersArrayAsync());
            var story = await TellAsync(page);

            (story.Code, story.Variation).ShouldBe((code, await VariationAsync(page)));
            (await visitor.CookiesAsync()).Where(cookie => cookie.Name is "kameleoonVisitorCode")
                .ShouldHaveSingleItem().Value.ShouldBe(code);
            complaints.ShouldBeEmpty();
            shown.Add(code, story.Variation);
            (await shop.Sandbox.WaitForEventAsync(sent => IsExposure(sent, code))).VariationKey.ShouldBe(story.Variation);
        }

        shop.Sandbox.Events.ShouldAllBe(sent => sent.IsCounted && sent.Violations.Count == 0);
        shop.Sandbox.Events.Where(sent => sent.Type is "experiment")
            .Select(sent => KeyValuePair.Create(sent.VisitorCode!, sent.VariationKey!)).ShouldBe(shown, ignoreOrder: true);
    }

    [OfficialCoreFact]
    public async Task Its_visitor_comes_back_as_the_same_one_and_its_events_are_on_the_live_page()
    {
        await using var shop = await OfficialSdkShop.StartAsync();
        await using var visitor = await shop.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(OfficialSdkShop.At("/page"));
        var first = await TellAsync(page);
        await page.ReloadAsync();
        (await TellAsync(page)).ShouldBe(first);
        (await VariationAsync(page)).ShouldBe(first.Variation);

        await page.EvaluateAsync(
            "([visitorCode, goalId]) => client.trackConversion({ visitorCode, goalId, revenue: 129.9 })",
            new object[] { first.Code, OfficialSdkShop.Goal });
        var order = await shop.Sandbox.WaitForEventAsync(sent => sent.Type is "conversion");

        (order.VisitorCode, order.Fields["goalId"], order.Fields["revenue"]).ShouldBe((first.Code, "55", "129.9"));
        await page.GotoAsync(OfficialSdkShop.At("/#visitors/" + first.Code));
        await StoryLine(page, "experiment", first.Variation).WaitForAsync();
        await StoryLine(page, "conversion", "129.9").WaitForAsync();
    }

    [OfficialCoreFact]
    public async Task A_variation_forced_in_the_sandbox_reaches_it_through_the_stream()
    {
        await using var shop = await OfficialSdkShop.StartAsync();
        await using var visitor = await shop.NewVisitorAsync();
        var page = await visitor.NewPageAsync();

        // Whoever listens hears of later changes only.
        await page.RunAndWaitForResponseAsync(
            () => page.GotoAsync(OfficialSdkShop.At("/page")), answer => answer.Url.Contains("/sse?", StringComparison.Ordinal));
        var before = await TellAsync(page);
        var other = before.Variation is "classic" ? "one-page" : "classic";
        shop.Sandbox.ForceVariation("checkout", other);

        await page.WaitForFunctionAsync(
            "([visitorCode, expected]) => client.getVariation({ visitorCode, featureKey: 'checkout', track: false }).key === expected",
            new[] { before.Code, other });
    }

    [OfficialCoreFact]
    public async Task Beside_our_tag_its_getVariation_reports_twice_which_the_sandbox_names()
    {
        var (exposures, warnings) = await VisitHybridPageAsync("/hybrid");

        exposures.Select(sent => sent.FromEngine).Order().ShouldBe([false, true]);
        var warning = warnings.ShouldHaveSingleItem();
        warning.GetProperty("problem").GetString().ShouldBe("browserSdkReports");
        warning.GetProperty("text").GetString()!.ShouldContain("track: false");
    }

    [OfficialCoreFact]
    public async Task Beside_our_tag_the_React_SDK_reports_twice_unless_it_is_told_not_to_track()
    {
        var (exposures, warnings) = await VisitHybridPageAsync("/hybrid-react");
        var (single, none) = await VisitHybridPageAsync("/hybrid-react?track=false");

        exposures.Select(sent => sent.FromEngine).Order().ShouldBe([false, true]);
        warnings.ShouldHaveSingleItem().GetProperty("text").GetString()!.ShouldContain("track: false");
        single.ShouldHaveSingleItem().FromEngine.ShouldBeTrue();
        none.ShouldBeEmpty();
    }

    [OfficialCoreFact]
    public async Task Beside_our_tag_its_getVariation_with_track_false_leaves_the_report_to_the_engine()
    {
        var (exposures, warnings) = await VisitHybridPageAsync("/hybrid?track=false");

        exposures.ShouldHaveSingleItem().FromEngine.ShouldBeTrue();
        warnings.ShouldBeEmpty();
    }

    /// <summary>Returns the exposures of one visit, and what the live page says is odd about it.</summary>
    private static async Task<(SandboxEvent[] Exposures, JsonElement[] Warnings)> VisitHybridPageAsync(string path)
    {
        await using var shop = await OfficialSdkShop.StartAsync();
        await using var visitor = await shop.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(OfficialSdkShop.At(path));
        var (code, variation) = await TellAsync(page);
        variation.ShouldBe(await VariationAsync(page));
        await shop.Sandbox.WaitForEventAsync(sent => IsExposure(sent, code) && sent.FromEngine);

        // The SDK sends in order: what it reported before the conversion has arrived with it.
        await page.EvaluateAsync(
            "([visitorCode, goalId]) => client.trackConversion({ visitorCode, goalId })", new object[] { code, OfficialSdkShop.Goal });
        await shop.Sandbox.WaitForEventAsync(sent => sent.Type is "conversion" && sent.VisitorCode == code);
        var state = await page.EvaluateAsync<JsonElement>("fetch('/live/state?events=0').then(answer => answer.json())");
        return (
            [.. shop.Sandbox.Events.Where(sent => IsExposure(sent, code))],
            [.. state.GetProperty("warnings").EnumerateArray()]);
    }

    private static ILocator StoryLine(IPage page, string type, string text) =>
        page.Locator($"#story li[data-kind={type}]").Filter(new LocatorFilterOptions { HasText = text }).First;

    private static bool IsExposure(SandboxEvent sent, string code) => sent.Type is "experiment" && sent.VisitorCode == code;

    private static string CookieIn(IEnumerable<Header> headers) => headers
        .Single(header => header.Name is "set-cookie" && header.Value.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal))
        .Value.Split('=', ';')[1];

    private static async Task<(string Code, string Variation)> TellAsync(IPage page)
    {
        var story = await page.EvaluateAsync<JsonElement>("story");
        return (story.GetProperty("visitorCode").GetString()!, story.GetProperty("variation").GetString()!);
    }

    private static async Task<string> VariationAsync(IPage page) => (await page.GetAttributeAsync("body", "data-variation"))!;

    private static List<string> ComplaintsOf(IPage page)
    {
        var complaints = new List<string>();
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => complaints.Add(error);
        return complaints;
    }
}
