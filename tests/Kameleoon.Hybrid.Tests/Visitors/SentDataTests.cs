using System.Globalization;
using static Kameleoon.Hybrid.Tests.DataSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What the application says of a visitor is sent once, with a tracked action of the visitor.</summary>
public sealed class SentDataTests
{
    [Fact]
    public async Task What_was_added_is_sent_once_in_the_platform_s_order_and_what_is_not_for_the_platform_is_not()
    {
        await using var site = await StartAsync(Plan, [.. AddedDataTests.EachKind.Select(row => (IVisitorData)row[0])]);
        await site.ReadAsAsync("anna", "/add");
        var client = Client(site, "anna");

        (await client.FlushAsync()).ShouldBeTrue();
        (await client.FlushAsync()).ShouldBeTrue();

        var (first, second) = (site.Platform.TrackingRequests.First(), site.Platform.TrackingRequests.Last());
        first.Lines.Select(sent => sent["eventType"]).ShouldBe(
            ["staticData", "staticData", "staticData", "geolocation", "customData", "page"]);
        first.Lines.First()["userAgent"].ShouldContain("Windows Phone");
        second.Lines.ShouldHaveSingleItem()["eventType"].ShouldBe("activity");
    }

    [Fact]
    public async Task Data_waits_for_a_tracked_deed_and_leaves_with_the_visitor_at_the_latest()
    {
        await using var site = await StartAsync(Plan);
        var (client, other) = (Client(site, "anna"), Client(site, "bert"));
        client.AddData(new CustomData(4, "gold"));
        other.AddData(new CustomData(4, "silver"));
        Client(site, "carl").AddData(track: false, new CustomData(4, "gold"));
        var queue = site.App.Services.GetRequiredService<TrackingQueue>();

        client.GetVariation("checkout", track: false);
        queue.Queued.ShouldBe(0);
        client.GetVariation("nobody-knows-this");
        queue.Queued.ShouldBe(1);

        (await site.StopAndReadEventsAsync()).Select(sent => sent["visitorCode"]).Order(StringComparer.Ordinal).ShouldBe(["anna", "bert"]);
    }

    [Fact]
    public async Task More_data_than_a_visitor_holds_leaves_early_and_once()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anna");

        for (var index = 100; index < 250; index++)
        {
            client.AddData(new CustomData(index, "a"));
        }

        client.AddData(new CustomData(249, "b"));
        client.AddData(new CustomData(248, "b"));

        var slots = (await site.StopAndReadEventsAsync()).Select(sent => int.Parse(sent["index"], CultureInfo.InvariantCulture)).ToList();
        slots.ShouldBeUnique();
        slots.Order().ShouldBe(Enumerable.Range(100, 150));
    }

    [Fact]
    public async Task Data_that_the_platform_would_not_take_serves_conditions_and_its_loss_is_counted()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anna");

        client.AddData(new CustomData(4, "gold", new string('x', 3000)), new PageView("/" + new string('y', 3000)));

        client.GetVariation("checkout").Key.ShouldBe("on");
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "too_large").ShouldBe(2);
        site.Log.Texts(219).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task What_is_never_sent_is_not_sent_as_metadata_either()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(
            DataFiles.Targeted(Plan).Replace("\"name\": \"plan\"", "\"name\": \"plan\", \"localOnly\": true", StringComparison.Ordinal)));

        Client(site, "anna").TrackConversion(55, metadata: [new CustomData("plan", "gold"), new CustomData(9, "x")]);

        var sent = (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
        sent.Values.ShouldContain(value => value.Contains("\"x\"", StringComparison.Ordinal));
        sent.Values.ShouldNotContain(value => value.Contains("gold", StringComparison.Ordinal));
    }
}
