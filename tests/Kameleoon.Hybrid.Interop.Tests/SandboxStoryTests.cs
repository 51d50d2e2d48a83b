using System.Text.Json;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>The official core works against the sandbox unchanged, and reports as we do: sandbox.mjs tells the same stories.
/// </summary>
public sealed class SandboxStoryTests
{
    private const string Project = """
        {
          "site": { "dataDomain": "eu-data.kameleoon.io", "consent": "notRequired" }, // without a domain the core refuses to report
          "customData": {
            "plan": { "index": 0, "scope": "visitor" },
            "person": { "index": 1, "scope": "visitor", "mappingIdentifier": true },
            "secret": { "index": 2, "localOnly": true },
            "colours": { "index": 3 },
          },
          "segments": {
            "gold": { "id": 4242, "audience": true, "all": [{ "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "EXACT", "value": "gold" }] },
            "platinum": { "id": 4243, "audience": true, "all": [{ "type": "CUSTOM_DATUM", "customData": "plan", "valueMatchType": "EXACT", "value": "platinum" }] },
          },
          "flags": {
            "checkout": {
              "id": 1001, "default": "classic", "variations": { "classic": {}, "one-page": {} },
              "rules": [{ "id": 2, "experiment": 7001, "split": { "classic": { "weight": 1, "id": 81001 }, "one-page": { "weight": 9, "id": 81002 } } }],
            },
            "banner": {
              "id": 1002, "variations": { "on": {} },
              "rules": [{ "id": 3, "experiment": 7002, "deliver": "on", "variationId": 82001 }],
            },
          },
        }
        """;

    [OfficialCoreFact]
    public async Task A_visit_with_every_kind_of_data_gives_the_same_variations_and_the_same_events()
    {
        await using var app = await StartAsync(Project);
        var (told, official) = Tell(app, "everything");

        var variations = await VisitAsync(app);
        var ours = EventsOf(app);

        told.GetProperty("variations").GetString().ShouldBe(variations);
        official.Lines.Count.ShouldBe(14);
        ours.Lines.ShouldBe(official.Lines);
        ours.UserAgents.ShouldBe(official.UserAgents);
        official.UserAgents.ShouldBe(["storyteller00001 Mozilla/5.0 (Story) Teller/1.0"]);
        told.GetProperty("remote").EnumerateArray().Select(item => item.GetString()).ShouldBe(
            ["CustomData", "CustomData", "Conversion", "Conversion"], ignoreOrder: true);
    }

    [OfficialCoreFact]
    public async Task Each_answer_to_consent_lets_out_the_same_events()
    {
        var project = Project.Replace("notRequired", "required", StringComparison.Ordinal);
        await using var app = await StartAsync(project);
        var (told, official) = Tell(app, "consent", project);

        foreach (var (code, answer) in ((string, bool?)[])[("undecided0000001", null), ("refusing00000001", false), ("agreeing00000001", true)])
        {
            var client = Client(app, code);
            if (answer is { } given)
            {
                client.SetLegalConsent(given);
            }

            client.AddData(new PageView("https://shop.example/c"), new CustomData(0, "gold"));
            Decide(client).ShouldBe(told.GetProperty("variations").GetProperty(code).GetString());
            client.EvaluateAudiences();
            client.TrackConversion(60, 5);
            (await client.FlushAsync()).ShouldBeTrue();
        }

        told.GetProperty("variations").GetProperty("refusing00000001").GetString().ShouldBe("classic on");
        official.Lines.Count.ShouldBe(10);
        EventsOf(app).Lines.ShouldBe(official.Lines);
    }

    [OfficialCoreFact]
    public async Task The_configuration_that_the_sandbox_serves_decides_all_flags_equally_for_hundreds_of_visitors()
    {
        await using var app = await StartAsync(Project);
        var told = JsonElement.Parse(OfficialCore.Tell(app.Urls.Single(), "decisions"));

        var ours = Enumerable.Range(0, 300).Select(number =>
        {
            var client = Client(app, $"visitor{number}");
            if (number % 3 == 0)
            {
                client.AddData(track: false, new CustomData(0, "gold"));
            }

            return string.Join(' ', client.GetVariations(track: false)
                .Select(decided => $"{decided.Key}={decided.Value.Key}").Order(StringComparer.Ordinal));
        }).ToList();

        told.GetProperty("variations").EnumerateArray().Select(one => one.GetString()).ShouldBe(ours);
        ours.Distinct(StringComparer.Ordinal).Count().ShouldBeGreaterThan(1);
    }

    private static async Task<string> VisitAsync(WebApplication app)
    {
        var client = Client(app, "storyteller00001");
        var variations = Decide(client);
        client.AddData(
            new UserAgent("Mozilla/5.0 (Story) Teller/1.0"),
            new PageView("https://shop.example/a b?x=1&y=é", "Hello & welcome", [3, 7]),
            new CustomData(0, "gold", "o\"k\\"),
            new CustomData("colours", "red", "blue") { Overwrite = false },
            new CustomData("secret", "x"),
            new Geolocation("France", "Île-de-France", "Paris", "75001", 48.8566, 2.3522),
            new Browser(BrowserType.Safari, 16.5f),
            new Device(DeviceType.Phone),
            new VisitorOperatingSystem(OperatingSystemType.Ios));
        client.EvaluateAudiences();
        client.TrackConversion(55, 10.5m);
        client.TrackConversion(56, -10, negative: true, new CustomData("plan", "a", "b"), new CustomData(5, "Credit \"Card\""));
        (await client.FlushAsync()).ShouldBeTrue();

        var browser = Client(app, "browser000000001");
        browser.AddData(new CustomData(1, "user-77"));
        (await browser.FlushAsync()).ShouldBeTrue();
        var person = Client(app, "user-77");
        person.AddData(new UniqueIdentifier(true));
        person.TrackConversion(58);
        (await person.FlushAsync()).ShouldBeTrue();
        return variations;
    }

    private static string Decide(IKameleoonClient client) =>
        $"{client.GetVariation("checkout").Key} {client.GetVariation("banner").Key}";

    private static IKameleoonClient Client(WebApplication app, string code) =>
        app.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(code);

    /// <summary>Lets the official core tell a story, and clears the stage after it.</summary>
    private static (JsonElement Told, ReportedEvents Events) Tell(WebApplication app, string story, string project = Project)
    {
        var sandbox = app.Services.GetRequiredService<KameleoonSandbox>();
        var told = JsonElement.Parse(OfficialCore.Tell(app.Urls.Single(), story));
        told.GetProperty("sent").EnumerateArray().ShouldAllBe(sent => sent.GetProperty("status").GetInt32() < 300);
        var events = EventsOf(app);
        sandbox.Reset();
        sandbox.SetProject(project);
        return (told, events);
    }

    private static ReportedEvents EventsOf(WebApplication app)
    {
        var events = app.Services.GetRequiredService<KameleoonSandbox>().Events;
        events.ShouldAllBe(sent => sent.IsCounted && sent.Violations.Count == 0 && !sent.FromEngine);
        return ReportedEvents.Of(events);
    }

    private static async Task<WebApplication> StartAsync(string project)
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
        app.Services.GetRequiredService<KameleoonSandbox>().SetProject(project);
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
