using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A misspelt setting has no effect, and the log says so at the start.</summary>
public sealed class UnknownSettingsTests
{
    [Fact]
    public async Task Settings_that_no_option_has_are_logged_by_their_names_at_the_start()
    {
        await using var site = await StartAsync(
            new("Cookie:Doman", "example.com"),
            new("TrackingIntervall", "00:00:02"),
            new("Resilience:Tracking:Attempts", "3"),
            new("Resilience:Data:Retires", "3"),
            new("Endpoints:Database", "http://127.0.0.1:9"),
            new("ClientSecert", "a-secret"));

        var text = site.Log.Texts(126).ShouldHaveSingleItem();
        text.ShouldStartWith(
            "The section Kameleoon has settings that do not exist and have no effect: ClientSecert, Cookie:Doman, "
            + "Endpoints:Database, Resilience:Data:Retires, Resilience:Tracking:Attempts, TrackingIntervall.");
        site.Log.Texts().ShouldAllBe(text => !text.Contains("a-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Settings_that_exist_are_not_logged_whatever_their_case_their_age_and_their_kind()
    {
        await using var site = await StartAsync(
            new("cookie:DOMAIN", "example.com"),
            new("CrossDomains:0", "example.com"),
            new("Endpoints:Events", "http://127.0.0.1:9"),
            new("Resilience:Data:Retries", "1"),
            new("Sandbox:DataFile", "kameleoon.json"),
            new("Projects:shop:SiteCode", "fghij67890"),
            new("Engine:Mode", "Sync"));

        site.Log.Texts(126).ShouldBeEmpty();
    }

    private static Task<TestSite> StartAsync(params KeyValuePair<string, string?>[] settings) => TestSite.StartAsync(
        services: services => services.AddKameleoonHybrid(new ConfigurationBuilder()
            .AddInMemoryCollection(
            [
                new("Kameleoon:SiteCode", "abcde12345"),
                new("Kameleoon:Configuration:LastGoodCopy", "false"),
                .. settings.Select(setting => KeyValuePair.Create($"Kameleoon:{setting.Key}", setting.Value)),
            ])
            .Build()));
}
