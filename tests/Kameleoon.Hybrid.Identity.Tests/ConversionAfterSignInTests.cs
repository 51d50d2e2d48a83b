namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A conversion with an id that was reported before a sign-in is not reported again under the person's code.</summary>
[Collection(nameof(Databases))]
public sealed class ConversionAfterSignInTests(PostgreSqlServer postgres)
{
    [Fact]
    public async Task A_conversion_that_is_not_sent_before_the_sign_in_is_not_reported_again()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database);
        using var dropped = new CollectedMetrics(site.App.Services);
        Buy(site, "browsers");

        (await site.GoAsync("anna", "browsers")).Code.ShouldBe("annas");
        Buy(site, "annas");

        dropped.Sum("kameleoon.events.dropped", "reason", "repeated").ShouldBe(1);
    }

    [Fact]
    public async Task A_conversion_whose_event_is_dropped_after_the_sign_in_is_reported_once_more()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database);
        Buy(site, "browsers");
        var taken = Conversions(site).ShouldHaveSingleItem();
        (await site.GoAsync("anna", "browsers")).Code.ShouldBe("annas");

        site.App.Services.GetRequiredService<ReportMarks>().Undo(taken);
        Buy(site, "annas");
        Buy(site, "annas");

        Conversions(site).ShouldHaveSingleItem().Origin.VisitorCode.ShouldBe("annas");
    }

    [Fact]
    public async Task A_conversion_that_is_stored_and_then_dropped_after_the_sign_in_is_reported_once_more()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await StartAsync(database);
        Buy(site, "browsers");
        var taken = Conversions(site).ShouldHaveSingleItem();
        (await site.GoAsync("anna", "browsers")).Code.ShouldBe("annas");
        var marks = site.App.Services.GetRequiredService<ReportMarks>();
        var stored = new TrackingBatch(Guid.CreateVersion7(), "abcde12345", new byte[] { 1 }, 1, DateTimeOffset.UnixEpoch);

        marks.Settle(new PendingBatch(stored, 0, 0) { Conversions = [new(0, "browsers", new(3001, Negative: false, "order-1"))] });
        Buy(site, "annas");
        Conversions(site).ShouldBeEmpty();
        marks.Undo(taken);
        Buy(site, "annas");
        Buy(site, "annas");

        Conversions(site).ShouldHaveSingleItem().Origin.VisitorCode.ShouldBe("annas");
    }

    private static async Task<IdentitySite> StartAsync(Store database)
    {
        var site = await IdentitySite.StartAsync(database.AddTo);
        await site.Identity.LinkAsync("anna", "annas");
        return site;
    }

    private static void Buy(IdentitySite site, string code) => site.App.Services.GetRequiredService<IKameleoonClientFactory>()
        .ForVisitor(code).TrackConversion(3001, "order-1");

    private static List<TrackingEvent> Conversions(IdentitySite site) => site.TakeEvents().FindAll(sent => sent.Data is Conversion);
}
