using static Kameleoon.Hybrid.Tests.DataSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Custom data that identifies a person links the visitor's code to the person, here and at the platform.</summary>
public sealed class PersonIdentifierTests
{
    [Fact]
    public async Task The_identifier_of_a_person_becomes_another_code_of_the_same_visitor()
    {
        await using var site = await StartAsync(Plan);
        Client(site, "user-77").AddData(new CustomData(4, "forgotten"));
        Client(site, "phone").AddData(new CustomData(4, "gold"), new CustomData("person", "user-77"));
        var store = site.App.Services.GetRequiredService<VisitorStore>();

        Client(site, "user-77").GetVariation("checkout").Key.ShouldBe("on");
        store.Find("user-77")!.Record.ShouldBeSameAs(store.Find("phone")!.Record);
        store.Find("user-77")!.Record.Known.MappingIdentifier.ShouldBe("phone");

        Client(site, "user-77").AddData(new CustomData("person", "user-77"));
        store.Find("phone")!.Record.Known.MappingIdentifier.ShouldBe("phone");

        Client(site, "laptop").AddData(new CustomData("person", "user-77"));
        store.Find("user-77")!.Record.Known.MappingIdentifier.ShouldBe("laptop");
        store.Find("phone")!.Record.Known.MappingIdentifier.ShouldBe("phone");
    }

    [Fact]
    public async Task What_waited_is_sent_as_whom_and_with_what_the_visitor_is_known_by_then()
    {
        await using var site = await StartAsync(Plan);
        Client(site, "phone").AddData(new CustomData("person", "user-77"));
        var person = Client(site, "user-77");

        person.AddData(new PageView("/a"));
        person.AddData(new UniqueIdentifier(true), new UserAgent("curl/8.0"));
        person.TrackConversion(55);

        var events = await site.StopAndReadEventsAsync();
        var persons = events.Where(sent => sent.GetValueOrDefault("mappingValue") == "user-77").ToList();
        persons.Select(sent => sent["eventType"]).Where(type => type != "customData").ShouldBe(["page", "conversion"]);
        persons[0]["userAgent"].ShouldBe("curl/8.0");
    }

    [Fact]
    public async Task The_link_between_codes_is_told_again_after_half_an_hour()
    {
        var clock = new ManualClock();
        await using var site = await StartAsync(Plan, [], clock);
        var client = Client(site, "anon");
        client.AddData(new CustomData("person", "user-77"));

        for (var minute = 0; minute <= 40; minute += 10)
        {
            client.GetVariation("other");
            await site.MoveAsync(TimeSpan.FromMinutes(10));
        }

        var events = await site.StopAndReadEventsAsync();
        events.Count(sent => sent.GetValueOrDefault("mappingIdentifier") == "true").ShouldBe(2);
        events.Count(sent => sent["eventType"] == "experiment").ShouldBe(1);
    }

    [Fact]
    public async Task The_link_between_codes_is_not_told_again_because_it_is_added_again()
    {
        await using var site = await StartAsync(Plan);
        var client = Client(site, "anon");

        for (var request = 0; request < 3; request++)
        {
            client.AddData(new CustomData("person", "user-77"));
            client.GetVariation("other");
        }

        client.AddData(new CustomData("person", "user-78"));
        client.GetVariation("other");
        var links = (await site.StopAndReadEventsAsync()).Where(sent => sent.GetValueOrDefault("mappingIdentifier") == "true").ToList();
        links.Select(sent => sent["valuesCountMap"]).ShouldBe(["""{"user-77":1}""", """{"user-78":1}"""]);
    }

    [Fact]
    public async Task A_person_s_name_that_is_too_long_is_counted()
    {
        await using var site = await StartAsync(Plan);

        Client(site, "anna").AddData(new CustomData("person", new string('x', 300)));

        site.Metrics.Sum("kameleoon.events.dropped", "reason", "too_large").ShouldBe(1);
    }
}
