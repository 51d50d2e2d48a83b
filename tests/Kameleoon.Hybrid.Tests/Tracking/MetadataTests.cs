using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What stays on this server is in no conversion either.</summary>
public sealed class MetadataTests
{
    [Fact]
    public async Task Before_the_first_data_file_a_conversion_is_sent_without_its_metadata()
    {
        var (platform, isThere) = (new StubPlatform(), false);
        platform.DataFile = _ => isThere ? StubPlatform.Json(WithLocalPlan) : new HttpResponseMessage(HttpStatusCode.ServiceUnavailable);
        await using var site = await TestSite.StartAsync(
            options => options.Configuration.Start = Settings.StartMode.Background, platform: platform);
        var client = Client(site);

        client.TrackConversion(55, metadata: [new CustomData(4, "secret"), new CustomData("plan", "secret"), new CustomData(5, "shop")]);
        client.AddData(new Conversion(56, metadata: new CustomData(4, "secret")));
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "no_configuration").ShouldBe(4);
        isThere = true;
        (await site.App.Services.GetRequiredService<IKameleoonConfiguration>().RefreshAsync()).ShouldBeTrue();

        var events = await site.StopAndReadEventsAsync();
        events.Select(sent => sent["goalId"]).ShouldBe(["55", "56"], ignoreOrder: true);
        events.ShouldAllBe(sent => !sent.ContainsKey("metadata"));
    }

    [Fact]
    public async Task With_a_data_file_a_conversion_has_the_metadata_that_is_not_local()
    {
        await using var site = await TestSite.StartAsync(platform: DataFiles.Serving(WithLocalPlan));

        Client(site).TrackConversion(55, metadata: [new CustomData(4, "secret"), new CustomData("plan", "secret"), new CustomData(5, "shop")]);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["metadata"].ShouldBe("""{"5":["shop"]}""");
    }

    private static string WithLocalPlan => DataFiles.Targeted("""{ "targetingType": "DEVICE_TYPE", "device": "DESKTOP" }""")
        .Replace("\"name\": \"plan\"", "\"name\": \"plan\", \"localOnly\": true", StringComparison.Ordinal);

    private static IKameleoonClient Client(TestSite site) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");
}
