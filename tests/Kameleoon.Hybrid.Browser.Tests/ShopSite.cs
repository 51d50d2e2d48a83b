using System.Text.Json;
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

    /// <summary>What the sandbox's live page shows at this moment.</summary>
    public async Task<LiveState> StateAsync()
    {
        using var http = new HttpClient { BaseAddress = Address };
        var json = await http.GetStringAsync(new Uri("/_kameleoon/live/state?events=5000", UriKind.Relative));
        var state = JsonSerializer.Deserialize<LiveState>(json, JsonSerializerOptions.Web)!;

        // A browser that leaves a page does not learn whether its last request arrived, and may send it again with the
        // same nonce. The sandbox counts it once, and so do we.
        return new LiveState([.. state.Events.Where(sent => sent.Counted)]);
    }

    /// <summary>Waits until the sandbox has received what a test waits for, and returns all events of that visitor.</summary>
    public async Task<IReadOnlyList<LiveEvent>> EventsAsync(string visitorCode, Func<LiveEvent, bool> awaited)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        while (true)
        {
            var events = (await StateAsync()).Events.Where(e => e.VisitorCode == visitorCode).ToList();
            if (events.Exists(e => awaited(e)))
            {
                return events;
            }

            deadline.IsCancellationRequested.ShouldBeFalse(
                "The event never arrived; there are: " + string.Join("; ", events.Select(e => $"{e.Sender} {e.Type}")));
            await Task.Delay(100);
        }
    }

    // A headless browser says that it is one, and would be taken for a bot.
    protected override void ConfigureWebHost(IWebHostBuilder builder) => builder
        .UseEnvironment("Development")
        .UseSetting("Kameleoon:Bots:Exclude:0", "HeadlessChrome");
}

public sealed record LiveState(IReadOnlyList<LiveEvent> Events);

public sealed record LiveEvent(
    string Sender,
    string Type,
    string? VisitorCode,
    string? Flag,
    string? Variation,
    IReadOnlyDictionary<string, string> Fields,
    IReadOnlyList<string> Violations,
    bool Counted);
