namespace Kameleoon.Hybrid.Tests;

/// <summary>Visitors of a site's pages become idle, whatever their consent is, and while an exposure of a redirect waits.</summary>
public sealed class IdleVisitorSiteTests
{
    [Theory]
    [InlineData("NOT_REQUIRED", false, false)]
    [InlineData("REQUIRED", false, false)]
    [InlineData("REQUIRED", true, false)]
    [InlineData("NOT_REQUIRED", false, true)]
    public async Task Visitors_of_one_page_become_idle(string consentType, bool agrees, bool redirectWaits)
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Site(consentType)),
            map: app =>
            {
                app.MapGet("/page", (IKameleoonClient client) =>
                {
                    if (agrees)
                    {
                        client.SetLegalConsent(true);
                    }

                    return client.GetVariation("checkout").Key + client.GetEngineTrackingCode();
                });
                app.MapGet("/leave", (IKameleoonClient client) => Results.Redirect("/" + client.GetVariation("checkout").Key));
            });
        if (redirectWaits)
        {
            using var response = await site.GetAsync("/leave", ("Cookie", "kameleoonVisitorCode=bert"));
        }

        for (var i = 0; i < IdleVisitorTests.MostRecent + 100; i++)
        {
            (await site.ReadAsAsync($"v{i}", "/page")).ShouldContain("Experiments.assignVariation");
        }

        var store = site.App.Services.GetRequiredService<VisitorStore>();
        store.Count.ShouldBe(IdleVisitorTests.MostRecent + 100 + (redirectWaits ? 1 : 0));
        store.Sessions.Count().ShouldBeLessThanOrEqualTo(IdleVisitorTests.MostRecent + 1);
    }
}
