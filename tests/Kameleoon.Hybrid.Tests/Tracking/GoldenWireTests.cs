using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>For the same story this library sends what the official SDKs were recorded to send.</summary>
public sealed class GoldenWireTests
{
    private const string Php = "php-4.20";
    private const string Go = "go-3.18";
    private const string PhpVisitor = "vc10ctbql0zpf4rw";
    private const string GoVisitor = "govisitor0000001";
    private const string OddAgent = "Mozilla/5.0 (X; é) a&b";

    private static readonly Dictionary<string, (string Visitor, Action<IKameleoonClient> Story)> Stories = new(StringComparer.Ordinal)
    {
        [$"{Go} 03"] = (GoVisitor, v => v.AddData(
            new PageView("https://shop.example/a b?x=1&y=é+1*~'()!", "Hello & welcome", [3, 7]))),
        [$"{Go} 04"] = (GoVisitor, v => v.AddData(new PageView("https://shop.example/plain"))),
        [$"{Go} 06"] = (GoVisitor, v => v.TrackConversion(55, -10, negative: true)),
        [$"{Go} 08"] = (GoVisitor, v => v.TrackConversion(56, metadata: Metadata)),
        [$"{Go} 12"] = (GoVisitor, v => v.AddData(new CustomData("nobody-knows-this", "x"))),
        [$"{Go} 13"] = (GoVisitor, v => v.AddData(new CustomData(2, "secret"))),
        [$"{Go} 14"] = (GoVisitor, v => v.AddData(new Browser(BrowserType.Safari, 16.5f))),
        [$"{Go} 17"] = (GoVisitor, v => v.AddData(Paris)),
        [$"{Go} 19"] = (GoVisitor, v => v.AddData(new CookieData([new("a", "b")]), new ApplicationVersion("1.2"))),
        [$"{Go} 20"] = (GoVisitor, v =>
        {
            v.AddData(new UserAgent(OddAgent), new PageView("https://shop.example/1"));
            v.TrackConversion(57);
        }
        ),
        [$"{Go} 21 "] = (GoVisitor, v =>
        {
            v.AddData(new UserAgent(OddAgent));
            v.GetVariations();
            v.GetVariation("checkout");
        }
        ),
        [$"{Go} 24"] = (GoVisitor, v =>
        {
            v.AddData(new UserAgent(OddAgent));
            v.EvaluateAudiences();
        }
        ),
        [$"{Go} 29"] = ("unknownvisitor", _ => { }
        ),
        [$"{Php} 02"] = (PhpVisitor, v => v.AddData(
            new PageView("https://shop.example/a b?x=1&y=é", "Hello & welcome", [3, 7]))),
        [$"{Php} 04"] = (PhpVisitor, v => v.TrackConversion(55, 10.5m)),
        [$"{Php} 05"] = (PhpVisitor, v => v.AddData(new Conversion(55, -10, negative: true))),
        [$"{Php} 06"] = (PhpVisitor, v => v.TrackConversion(56, metadata: Metadata)),
        [$"{Php} 07"] = (PhpVisitor, v => v.AddData(new CustomData(1, "gold", "o\"k\\", "gold"))),
        [$"{Php} 08"] = (PhpVisitor, v => v.AddData(new CustomData("plan", "silver") { Overwrite = false })),
        [$"{Php} 09"] = (PhpVisitor, v => v.AddData(new CustomData("secret", "x"))),
        [$"{Php} 10"] = (PhpVisitor, v => v.AddData(new Browser(BrowserType.Safari, 16.5f))),
        [$"{Php} 11"] = (PhpVisitor, v => v.AddData(new Device(DeviceType.Phone))),
        [$"{Php} 12"] = (PhpVisitor, v => v.AddData(new VisitorOperatingSystem(OperatingSystemType.Ios))),
        [$"{Php} 13"] = (PhpVisitor, v => v.AddData(Paris)),
        [$"{Php} 14"] = (PhpVisitor, v => v.AddData(new Geolocation("France"))),
        [$"{Php} 16"] = (PhpVisitor, v =>
        {
            v.TrackConversion(57);
            v.AddData(new PageView("https://shop.example/1"), new UserAgent("Mozilla/5.0 (X; é)"));
        }
        ),
        [$"{Php} 20"] = ("anon1", v => v.AddData(new CustomData(3, "user-77"))),
        [$"{Php} 22"] = ("lonely", v =>
        {
            v.AddData(new UniqueIdentifier(true));
            v.TrackConversion(59);
        }
        ),
        [$"{Php} 25"] = ("v2", v => v.AddData(
            new CustomData(1, "gold"), new VisitCounters(4, TimeSpan.FromMilliseconds(33313173423)))),
    };

    public static TheoryData<string> Steps { get; } = [.. Stories.Keys];

    private static CustomData[] Metadata =>
        [new(5, "Credit \"Card\""), new(5, "twice"), new("plan", "a", "b"), new("nobody-knows-this", "x")];

    private static Geolocation Paris => new("France", "Île-de-France", "Paris", "75001", 48.8566, 2.3522);

    [Theory]
    [MemberData(nameof(Steps))]
    public async Task The_same_story_is_the_same_lines_in_the_same_order(string step)
    {
        var (visitor, story) = Stories[step];
        await using var site = await StartAsync();

        story(Client(site, visitor));
        var sent = await FlushAsync(site, visitor);

        var parts = step.Split(' ', 2);
        sent.Select(RecordedTraffic.Parsed)
            .ShouldBe(RecordedTraffic.Lines(parts[0], parts[1]).Select(RecordedTraffic.Parsed));
    }

    [Theory]
    [InlineData("04")]
    [InlineData("05")]
    [InlineData("07")]
    [InlineData("08")]
    [InlineData("09")]
    [InlineData("11")]
    [InlineData("12")]
    [InlineData("14")]
    [InlineData("25")]
    public async Task Where_the_order_of_parameters_agrees_it_is_the_same_byte_for_byte(string step)
    {
        var (visitor, story) = Stories[$"{Php} {step}"];
        await using var site = await StartAsync();

        story(Client(site, visitor));
        var sent = await FlushAsync(site, visitor);

        sent.Select(RecordedTraffic.WithoutNonce)
            .ShouldBe(RecordedTraffic.Lines(Php, step).Select(RecordedTraffic.WithoutNonce));
    }

    [Fact]
    public async Task A_person_s_own_code_is_a_mapping_value_once_a_browser_s_is_known_for_it()
    {
        await using var site = await StartAsync();
        Client(site, "anon1").AddData(new CustomData(3, "user-77"));
        await FlushAsync(site, "anon1");

        Client(site, "user-77").AddData(new UniqueIdentifier(true));
        Client(site, "user-77").TrackConversion(58);
        var sent = await FlushAsync(site, "user-77");

        sent.Select(RecordedTraffic.Parsed).ShouldBe(RecordedTraffic.Lines(Php, "21").Select(RecordedTraffic.Parsed));
    }

    [Theory]
    [InlineData("unknown", null)]
    [InlineData("not given", false)]
    [InlineData("given", true)]
    public async Task Consent_lets_out_what_the_official_sdks_let_out(string state, bool? answer)
    {
        var visitor = "consent" + state.Replace(" ", "", StringComparison.Ordinal);
        await using var site = await StartAsync(RecordedTraffic.DataFileWithConsent);
        var client = Client(site, visitor);
        if (answer is { } given)
        {
            client.SetLegalConsent(given);
        }

        client.AddData(new PageView("https://shop.example/c"), new CustomData(1, "x"), new Conversion(60, 5));
        client.GetVariations();
        var sent = await FlushAsync(site, visitor);

        sent.Select(RecordedTraffic.Parsed)
            .ShouldBe(RecordedTraffic.Lines(Go, $"42 consent {state}").Select(RecordedTraffic.Parsed));
    }

    private static Task<TestSite> StartAsync(string? dataFile = null) =>
        TestSite.StartAsync(platform: DataFiles.Serving(dataFile ?? RecordedTraffic.DataFile));

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    private static async Task<string[]> FlushAsync(TestSite site, string visitor)
    {
        (await Client(site, visitor).FlushAsync()).ShouldBeTrue();
        return site.Platform.TrackingRequests.Last().Body.Split('\n');
    }
}
