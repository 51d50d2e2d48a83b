using Microsoft.Extensions.Configuration;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Settings that are edited while the application runs apply after a restart, and the log says so.</summary>
public sealed class EditedSettingsTests
{
    private readonly IConfigurationRoot _settings = new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Kameleoon:SiteCode", "abcde12345"),
        new("Kameleoon:RefreshInterval", "00:10:00"),
        new("Kameleoon:Configuration:LastGoodCopy", "false"),
        new("Kameleoon:Projects:shop:SiteCode", "fghij67890"),
        new("Kameleoon:Projects:shop:Hosts:0", "shop.example"),
        new("Kameleoon:Projects:shop:Configuration:LastGoodCopy", "false"),
        new("Other", "1"),
    ]).Build();

    [Fact]
    public async Task An_edit_is_logged_once_by_its_name_and_not_by_its_value()
    {
        await using var site = await StartAsync();

        _settings["Kameleoon:ClientId"] = "a-client";
        Edit("Kameleoon:ClientSecret", "a-secret");
        _settings.Reload();

        var text = site.Log.Texts(118).ShouldHaveSingleItem();
        text.ShouldContain("Kameleoon were edited while the application runs: ClientId, ClientSecret.");
        text.ShouldContain("restart");
        site.Log.Texts().ShouldAllBe(text => !text.Contains("a-secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edit_that_would_stop_the_next_start_is_an_error_with_its_reason()
    {
        await using var site = await StartAsync();

        Edit("Kameleoon:RefreshInterval", "00:00:00");
        Edit("Kameleoon:RefreshInterval", "often");

        site.Log.Texts(119).First().ShouldContain("Kameleoon:RefreshInterval is 00:00:00. Set it to a time");
        site.Log.Texts(119).Last().ShouldContain("Kameleoon:RefreshInterval");
        site.Log.Texts(119).Count().ShouldBe(2);
        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
    }

    [Fact]
    public async Task A_wrong_edit_of_the_proxy_is_logged_without_its_password()
    {
        await using var site = await StartAsync();

        Edit("Kameleoon:Proxy", "http://user:pass/word@proxy.internal:3128");

        site.Log.Texts(119).ShouldHaveSingleItem().ShouldContain("Kameleoon:Proxy is no address.");
        site.Log.Texts().ShouldAllBe(text => !text.Contains("pass/word", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_edit_that_is_taken_back_is_logged_too()
    {
        await using var site = await StartAsync();

        Edit("Kameleoon:RefreshInterval", "00:20:00");
        Edit("Kameleoon:RefreshInterval", "00:10:00");

        site.Log.Texts(118).ShouldHaveSingleItem();
        site.Log.Texts(120).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Edits_of_other_settings_are_not_logged()
    {
        await using var site = await StartAsync();

        Edit("Other", "2");

        site.Log.Texts(118).Concat(site.Log.Texts(119)).Concat(site.Log.Texts(120)).ShouldBeEmpty();
    }

    [Fact]
    public async Task An_edit_of_a_project_is_logged_by_that_project_only()
    {
        await using var site = await StartAsync(services => services.AddKameleoonHybrid("shop", _settings)
            .ConfigureHttpClients(http => http.ConfigurePrimaryHttpMessageHandler(() => new StubPlatform())));

        Edit("Kameleoon:Projects:shop:RefreshInterval", "00:20:00");

        site.Log.Texts(118).ShouldHaveSingleItem()
            .ShouldContain("Kameleoon:Projects:shop were edited while the application runs: RefreshInterval.");
    }

    private Task<TestSite> StartAsync(Action<IServiceCollection>? services = null) => TestSite.StartAsync(services: all =>
    {
        all.AddKameleoonHybrid(_settings);
        services?.Invoke(all);
    });

    private void Edit(string name, string value)
    {
        _settings[name] = value;
        _settings.Reload();
    }
}
