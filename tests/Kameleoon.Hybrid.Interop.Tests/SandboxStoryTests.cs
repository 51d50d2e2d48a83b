using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The official core works against the sandbox unchanged, and reports as we do.</summary>
public sealed class SandboxStoryTests
{
    private const string Project = """
        {
          "site": { "dataDomain": "eu-data.kameleoon.io" }, // without one the core refuses to report
          "customData": { "plan": { "index": 0 } },
          "flags": {
            "checkout": {
              "id": 1001, "default": "classic", "variations": { "classic": {}, "one-page": {} },
              "rules": [{ "id": 2, "experiment": 7001, "split": { "classic": { "weight": 1, "id": 81001 }, "one-page": { "weight": 1, "id": 81002 } } }],
            },
          },
        }
        """;

    [OfficialCoreFact]
    public async Task The_same_story_gives_the_same_variation_and_the_same_events()
    {
        await using var app = await StartAsync();
        var sandbox = app.Services.GetRequiredService<KameleoonSandbox>();

        var told = JsonElement.Parse(OfficialCore.Tell(app.Urls.Single(), "storyteller00001"));
        var client = app.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("storyteller00001");
        var official = EventsOf(sandbox);
        sandbox.Reset();
        sandbox.SetProject(Project);
        var variation = client.GetVariation("checkout").Key;
        client.TrackConversion(55, 10.5m);
        await sandbox.WaitForEventAsync(sent => sent.Type is "conversion");

        told.GetProperty("variation").GetString().ShouldBe(variation);
        official.ShouldBe(EventsOf(sandbox));
        official.Count.ShouldBe(2);
        told.GetProperty("remote").EnumerateArray().Select(item => item.GetString()).ShouldBe(
            ["CustomData", "Conversion"], ignoreOrder: true);
    }

    // A nonce is each event's own, and only ours comes from a server that knows no browser.
    private static List<string> EventsOf(KameleoonSandbox sandbox)
    {
        sandbox.Events.ShouldAllBe(sent => sent.IsCounted);
        return
        [
            .. sandbox.Events.Where(sent => sent.Type is "experiment" or "conversion").Select(sent =>
                $"{sent.Type} {string.Join(' ', sent.Fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"))}")
                .Order(StringComparer.Ordinal),
        ];
    }

    private static async Task<WebApplication> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create("Kameleoon:SiteCode", (string?)"abcde12345"),
            KeyValuePair.Create("Kameleoon:Sandbox:Enabled", (string?)"true"),
            KeyValuePair.Create("Kameleoon:Sandbox:Storage", (string?)""),
            KeyValuePair.Create("Kameleoon:RefreshInterval", (string?)"00:00:01"),
            KeyValuePair.Create("Kameleoon:StartTimeout", (string?)"00:00:00"),
        ]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        var app = builder.Build();
        app.Services.GetRequiredService<KameleoonSandbox>().SetProject(Project);
        app.MapKameleoonSandbox(prefix: "");
        await app.StartAsync();
        var configuration = app.Services.GetRequiredService<IKameleoonConfiguration>();
        for (var waited = 0; waited < 200 && configuration.DataFile is null; waited++)
        {
            await Task.Delay(50);
        }

        return app;
    }
}
