using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A conversion with an id on a page of a visitor who has not answered about consent yet.</summary>
public sealed class ConversionConsentTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_reported_once_after_the_answer_and_nothing_is_stored_before(bool isReloadedFirst)
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            Consent = new EngineConsent("REQUIRED", "REQUIRED"),
            Goals = [new EngineGoal(7, "buy", "CUSTOM"), new EngineGoal(EngineSite.Marker, "Marker")],
        });
        await using var visitor = await chromium.NewVisitorAsync(site, "visitor");
        var page = await visitor.NewPageAsync();
        await page.GotoAsync(site.Add("/thanks", Commands()));
        await EngineSite.CodeAsync(page);
        if (isReloadedFirst)
        {
            await page.ReloadAsync();
            await EngineSite.CodeAsync(page);
        }

        (await page.EvaluateAsync<int>("localStorage.length")).ShouldBe(0);
        await page.EvaluateAsync("Kameleoon.API.Core.enableLegalConsent('BOTH')");
        for (var i = 0; i < 2; i++)
        {
            await page.ReloadAsync();
            await EngineSite.CodeAsync(page);
        }

        (await site.FinishAsync(page)).Count(sent => sent.Fields.GetValueOrDefault("goalId") == "7").ShouldBe(1);
    }

    private static string Commands()
    {
        var commands = new EngineCommands();
        commands.Add(EngineCommands.Conversion(7, 5, "o1"));
        return "window.kameleoonQueue=window.kameleoonQueue||[];" + commands.ToCode(awaitsConsent: true);
    }
}
