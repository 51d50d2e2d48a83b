using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The platform learns which codes are one person's, once, although no tracked action of the visitor follows.</summary>
public sealed class LinkReportTests
{
    private const string Plan = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "valueMatchType": "EXACT", "value": "gold" }""";

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task The_link_is_sent_when_the_application_stops()
    {
        await using var site = await StartAsync();
        Client(site, "anon").AddData(new CustomData(4, "gold"), new CustomData("person", "user-77"));

        var link = Links(await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        link["visitorCode"].ShouldBe("anon");
        link["valuesCountMap"].ShouldBe("""{"user-77":1}""");
    }

    [Fact]
    public async Task The_link_is_sent_once_when_everything_is_flushed_before_the_stop()
    {
        await using var site = await StartAsync();
        var factory = site.App.Services.GetRequiredService<IKameleoonClientFactory>();
        Client(site, "anon").AddData(new CustomData("person", "user-77"));

        (await factory.FlushAsync()).ShouldBeTrue();
        Links(site.Platform.Events).ShouldHaveSingleItem();
        (await factory.FlushAsync()).ShouldBeTrue();
        Client(site, "anon").AddData(new CustomData("person", "user-77"));
        Client(site, "anon").GetVariation("other");

        Links(await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_link_that_a_refusal_followed_or_came_before_is_dropped_and_counted(bool isRefusedFirst)
    {
        await using var site = await StartAsync("REQUIRED");
        var client = Client(site, "anon");
        if (isRefusedFirst)
        {
            client.SetLegalConsent(false);
        }

        client.AddData(new CustomData("person", "user-77"));
        client.SetLegalConsent(false);
        client.SetLegalConsent(true);

        (await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync()).ShouldBeTrue();
        Links(await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent").ShouldBe(1);
    }

    [Fact]
    public async Task The_link_is_sent_when_the_session_ends()
    {
        await using var site = await StartAsync();
        Client(site, "anon").AddData(new CustomData("person", "user-77"));
        await site.MoveAsync(TimeSpan.FromMinutes(31));
        Client(site, "user-77").AddData(new CustomData(4, "silver"));
        Client(site, "anon").AddData(new CustomData(4, "silver"));

        (await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync()).ShouldBeTrue();
        Links(site.Platform.Events).ShouldHaveSingleItem();
        Links(await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Each_code_under_which_it_was_added_is_linked()
    {
        await using var site = await StartAsync();
        Client(site, "phone").AddData(new CustomData("person", "user-77"));
        Client(site, "laptop").AddData(new CustomData("person", "user-77"));
        Client(site, "phone").GetVariation("other");

        Links(await site.StopAndReadEventsAsync()).Select(sent => sent["visitorCode"]).Order(StringComparer.Ordinal)
            .ShouldBe(["laptop", "phone"]);
    }

    [Theory]
    [InlineData(true, 1, 0)]
    [InlineData(false, 0, 1)]
    [InlineData(null, 0, 1)]
    public async Task Without_consent_it_is_not_sent(bool? answer, int sent, int dropped)
    {
        await using var site = await StartAsync(consentType: "REQUIRED");
        var client = Client(site, "anon");
        client.AddData(new CustomData("person", "user-77"));
        if (answer is { } given)
        {
            client.SetLegalConsent(given);
        }

        await site.App.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync();
        Links(site.Platform.Events).Count.ShouldBe(sent);
        Links(await site.StopAndReadEventsAsync()).Count.ShouldBe(sent);
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "consent").ShouldBe(dropped);
    }

    [Fact]
    public async Task It_is_not_sent_where_it_serves_conditions_only_or_its_code_is_lost_or_its_person_is_forgotten()
    {
        await using var site = await StartAsync();
        Client(site, "anon").AddData(track: false, new CustomData("person", "user-77"));
        Client(site, "gone").AddData(new CustomData("person", "user-78"));
        site.App.Services.GetRequiredService<VisitorStore>().Remove("gone").ShouldBe(1);
        site.App.Services.GetRequiredService<VisitorStore>().Remove("user-78").ShouldBe(0);
        using var framed = await site.GetAsync("/login/user-79", ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Dest", "iframe"));
        await site.CompletedAsync();

        Links(await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unshared").ShouldBe(2);
    }

    [Fact]
    public async Task The_server_to_which_it_was_said_sends_it_although_another_one_decides()
    {
        var store = new SharedStore();
        await using var first = await StartAsync(store: store);
        await using var second = await StartAsync(store: store);

        await first.ReadAsAsync("anon", "/login/user-77");
        await Eventually.IsTrueAsync(() => store.Entries.Keys.Any(static key => key.Name == "data:4"));
        (await second.ReadAsAsync("anon", "/decide/checkout")).ShouldBe("on");

        var bySecond = await second.StopAndReadEventsAsync();
        var byFirst = await first.StopAndReadEventsAsync();
        bySecond.ShouldContain(sent => sent["eventType"] == "experiment");
        Links([.. bySecond, .. byFirst]).ShouldHaveSingleItem()["visitorCode"].ShouldBe("anon");
    }

    private static List<Dictionary<string, string>> Links(IEnumerable<Dictionary<string, string>> events) =>
        [.. events.Where(sent => sent.GetValueOrDefault("mappingIdentifier") == "true")];

    private static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    private Task<TestSite> StartAsync(string consentType = "NOT_REQUIRED", SharedStore? store = null) => TestSite.StartAsync(
        options => options.ExposureBy = Settings.ExposureOwner.Server,
        map: app =>
        {
            Pages.Map(app);
            app.MapGet("/login/{user}", static (string user, IKameleoonClient client) =>
                client.AddData(new CustomData(4, "gold"), new CustomData("person", user)));
        },
        platform: DataFiles.Serving(DataFiles.Targeted(Plan, consentType)),
        clock: store is null ? _clock : null,
        services: services =>
        {
            if (store is not null)
            {
                services.AddSingleton<IVisitorSessionStore>(store);
            }
        });

    private sealed class SharedStore : IVisitorSessionStore
    {
        internal ConcurrentDictionary<(string Code, string Name), VisitorSessionEntry> Entries { get; } = new();

        public ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(string visitorCode, CancellationToken cancellationToken) =>
            new([.. Entries.Values.Where(entry => entry.VisitorCode == visitorCode)]);

        public ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken)
        {
            foreach (var entry in entries)
            {
                Entries[(entry.VisitorCode, entry.Name)] = entry;
            }

            return default;
        }

        public ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken) => default;

        public ValueTask<VisitorSessionChanges> ReadChangesAsync(TimeSpan within, string? after, CancellationToken cancellationToken) =>
            new(new VisitorSessionChanges([], null));

        public ValueTask DeleteExpiredAsync(CancellationToken cancellationToken) => default;
    }
}
