using ConsentAdapters;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The code of docs/guides/consent.md.</summary>
public sealed class ConsentGuideTests
{
    [Theory]
    [InlineData("OptanonAlertBoxClosed=2026-01-01; OptanonConsent=groups%3DC0002%3A1", 1)]
    [InlineData("OptanonAlertBoxClosed=2026-01-01; OptanonConsent=groups%3DC0002%3A0", 0)]
    public async Task A_registered_provider_decides_whether_exposures_are_reported(string cookies, int exposures)
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Site("REQUIRED", delivers: false)),
            kameleoon: builder =>
            {
                builder.Services.AddSingleton<IKameleoonConsentProvider, OneTrustConsent>();
            });

        await site.ReadAsync("/decide/checkout", ("Cookie", "kameleoonVisitorCode=anna; " + cookies));

        (await site.StopAndReadEventsAsync()).Count(sent => sent["eventType"] == "experiment").ShouldBe(exposures);
    }
}
