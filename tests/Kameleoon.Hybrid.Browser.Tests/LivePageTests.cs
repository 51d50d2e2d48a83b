using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The live page explains a decision with what is known of a visitor, and works without a mouse.</summary>
public sealed class LivePageTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string Project = """
        {
          "customData": { "plan": { "index": 4 } },
          "segments": { "gold": { "all": [{ "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "EXACT", "value": "gold" }] } },
          "flags": { "offer": {
            "enabled": { "staging": false, "*": true }, "variations": { "off": {}, "on": {} }, "rules": [{ "segment": "gold", "deliver": "on" }],
          } },
        }
        """;

    private WebApplication _app = null!;

    private Uri Address => new(_app.Urls.First());

    public async Task InitializeAsync()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Services.AddKameleoonSandbox();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        _app.MapKameleoonSandbox(prefix: "");
        _app.Services.GetRequiredService<KameleoonSandbox>().SetProject(Project);
        await _app.StartAsync();
        using var engine = new HttpClient { BaseAddress = Address };
        using var answer = await engine.PostAsync(
            new Uri("/visit/events?engine=true&siteCode=s&visitorCode=anna&tabId=0123abcd", UriKind.Relative),
            new StringContent("eventType=customData&index=4&valuesCountMap=%7B%22gold%22%3A1%7D&overwrite=true&nonce=5800F1BDD0667741"));
        answer.EnsureSuccessStatusCode();
    }

    public async Task DisposeAsync() => await _app.DisposeAsync();

    [Fact]
    public async Task A_decision_is_explained_with_the_keyboard_alone()
    {
        await using var viewer = await chromium.NewVisitorAsync();
        var page = await viewer.NewPageAsync();
        var complaints = Complaints.Of(page);
        await OpenFlagsAsync(page);

        await page.FocusAsync("#explain-flag");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("bob");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page, "offer for bob is off (Default)");

        await page.Keyboard.PressAsync("Tab"); // the environment
        await page.Keyboard.PressAsync("Tab"); // its button
        await page.Keyboard.PressAsync("Tab"); // what is known
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.PressAsync("Tab"); // custom data comes first
        await page.Keyboard.TypeAsync("plan=gold");
        (await page.TextContentAsync("#facts-known")).ShouldBe("1 fact");
        for (var steps = 0; steps < 3; steps++)
        {
            await page.Keyboard.PressAsync("Shift+Tab");
        }

        await page.Keyboard.TypeAsync("production");
        await page.Keyboard.PressAsync("Enter");
        await Expect(page, "offer for bob is on (Rule)");
        complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_recorded_of_a_visitor_is_filled_in_and_what_was_typed_stays()
    {
        await using var viewer = await chromium.NewVisitorAsync();
        var page = await viewer.NewPageAsync();
        await page.GotoAsync(new Uri(Address, "/#visitors/anna").ToString());
        await page.Locator("#story a[href='#flags/offer/anna']").ClickAsync();
        await Expect(page, "offer for anna is on (Rule)");
        await page.ClickAsync("#facts summary");
        (await page.InputValueAsync("[name=customData]")).ShouldBe("plan=gold");
        (await page.InputValueAsync("[name=visitStart]")).ShouldNotBeEmpty();
        (await page.TextContentAsync("#facts-known"))!.ShouldEndWith("as recorded");

        await page.FillAsync("[name=environment]", "staging");
        await page.PressAsync("[name=environment]", "Enter");
        await Expect(page, "offer for anna is off (Disabled)");
        await page.FillAsync("[name=environment]", "");
        await page.FillAsync("[name=customData]", "plan=silver");
        await page.FillAsync("#explain-visitor", "bob");
        await page.PressAsync("#explain-visitor", "Enter");
        await Expect(page, "offer for bob is off (Default)");
        (await page.InputValueAsync("[name=customData]")).ShouldBe("plan=silver");

        await page.ClickAsync("#facts-recorded");
        await page.WaitForFunctionAsync("() => document.querySelector('[name=customData]').value === ''");
        (await page.TextContentAsync("#facts-known")).ShouldBe("nothing but the code");
    }

    [Fact]
    public async Task A_fact_that_cannot_be_read_is_said_where_the_explanation_would_be()
    {
        await using var viewer = await chromium.NewVisitorAsync();
        var page = await viewer.NewPageAsync();
        await OpenFlagsAsync(page);
        await page.FillAsync("#explain-visitor", "bob");
        await page.ClickAsync("#facts summary");
        await page.FillAsync("[name=pageViews]", "many");

        await page.PressAsync("[name=pageViews]", "Enter");

        await Expect(page, "The fact \"pageViews\" is \"many\", which is not a number.");
        (await page.GetAttributeAsync("#explanation", "data-level")).ShouldBe("problem");
    }

    private async Task OpenFlagsAsync(IPage page)
    {
        await page.GotoAsync(new Uri(Address, "/#flags").ToString());
        await page.Locator("#explain-flag option").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    private static Task<IJSHandle> Expect(IPage page, string begin) => page.WaitForFunctionAsync(
        "begin => document.getElementById('explanation').textContent.startsWith(begin)", begin);
}
