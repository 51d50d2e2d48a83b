namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>A visitor whose every request goes to another of three servers finds one shop.</summary>
public sealed class RoundRobinTests : IAsyncLifetime
{
    private readonly RedisServer _redis = new();
    private ProxiedFarm _farm = null!;

    [Fact]
    public async Task Custom_data_that_one_server_is_told_holds_on_all()
    {
        await _farm.AgreeAsync("/flag", "anna", "off");

        await _farm.AskAsync("/data?plan=gold", "anna");
        await _farm.AgreeAsync("/flag", "anna", "on");
        await _farm.AskAsync("/data?plan=silver", "anna");
        await _farm.AgreeAsync("/flag", "anna", "off");
    }

    [Fact]
    public async Task A_forced_variation_holds_on_all_servers_and_is_taken_back_on_all()
    {
        await _farm.AskAsync("/force?key=on", "anna");
        await _farm.AgreeAsync("/flag", "anna", "forced on");

        await _farm.AskAsync("/force", "anna");

        await _farm.AgreeAsync("/flag", "anna", "off");
    }

    [Fact]
    public async Task Consent_is_given_and_refused_on_all_servers()
    {
        await _farm.AgreeAsync("/flag", "anna", "off");

        await _farm.AskAsync("/consent?given=true", "anna");
        await ConsentAsync("Given");
        await _farm.AskAsync("/consent?given=false", "anna");
        await ConsentAsync("Refused");

        Task ConsentAsync(string consent) => Eventually.IsTrueAsync(() => _farm.Servers.All(
            server => ProxiedFarm.KnownOn(server, "anna")?.Consent.ToString() == consent));
    }

    [Fact]
    public async Task The_exposure_of_a_redirect_is_on_the_next_page_whichever_server_makes_it_and_once()
    {
        await SayAsync("/data?plan=gold", "/consent?given=true");
        await _farm.AgreeAsync("/flag", "anna", "on");
        await Eventually.IsTrueAsync(() => _farm.Servers.All(
            static server => ProxiedFarm.KnownOn(server, "anna")?.Consent.ToString() == "Given"));

        await _farm.AskAsync("/redirect", "anna");
        await Eventually.IsTrueAsync(() => _farm.Servers.All(
            static server => ProxiedFarm.KnownOn(server, "anna") is { Carried.Length: 1 }));
        var pages = new List<string> { await _farm.AskAsync("/page", "anna") };
        await Eventually.IsTrueAsync(() => _farm.Servers.All(
            static server => ProxiedFarm.KnownOn(server, "anna") is { Carried.Length: 0 }));
        for (var i = 0; i < ProxiedFarm.Count; i++)
        {
            pages.Add(await _farm.AskAsync("/page", "anna"));
        }

        pages.Select(static page => page.Contains("7001,81001", StringComparison.Ordinal)).ShouldBe([true, false, false, false]);
    }

    [Fact]
    public async Task A_conversion_with_an_id_is_reported_once_although_each_server_is_told_of_it()
    {
        await SayAsync("/consent?given=true");
        for (var i = 0; i < ProxiedFarm.Count; i++)
        {
            await _farm.AskAsync("/buy?order=1", "anna");
            await Eventually.IsTrueAsync(() => _farm.Servers.All(
                static server => ProxiedFarm.KnownOn(server, "anna") is null or { Conversions: [{ IsSafe: true }, ..] }));
        }

        await _farm.AskAsync("/buy?order=2", "anna");

        _farm.Conversions.ShouldBe(2);
    }

    public async Task InitializeAsync()
    {
        await _redis.StartAsync();
        _farm = await ProxiedFarm.StartAsync(_redis);
    }

    public async Task DisposeAsync()
    {
        await _farm.DisposeAsync();
        await _redis.DisposeAsync();
    }

    private async Task SayAsync(params string[] requests)
    {
        foreach (var request in requests)
        {
            await _farm.AskAsync(request, "anna");
        }

        await _farm.WrittenAsync();
    }
}
