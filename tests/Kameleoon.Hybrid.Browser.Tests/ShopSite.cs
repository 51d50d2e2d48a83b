using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The sample shop on Kestrel, as its first command starts it, with the sandbox inside.</summary>
public sealed class ShopSite : WebApplicationFactory<Program>
{
    public ShopSite()
    {
        UseKestrel(0);
        StartServer();
    }

    public Uri Address => ClientOptions.BaseAddress;

    public Task<LiveState> StateAsync() => LiveEvents.ReadAsync(Address);

    public Task<IReadOnlyList<LiveEvent>> EventsAsync(string visitorCode, Func<LiveEvent, bool> awaited) =>
        LiveEvents.WaitAsync(Address, visitorCode, awaited);

    // A headless browser says that it is one, and would be taken for a bot.
    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseEnvironment("Development")
        .UseSetting("Kameleoon:Sandbox:Storage", "")
        .UseSetting("Kameleoon:Bots:Exclude:0", "HeadlessChrome");
}
