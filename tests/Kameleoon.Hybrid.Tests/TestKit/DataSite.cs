namespace Kameleoon.Hybrid.Tests;

/// <summary>A site with one targeted flag, whose page <c>/add</c> adds data to the visitor.</summary>
internal static class DataSite
{
    /// <summary>Targets the visitors whose custom data of the slot "plan" is gold.</summary>
    internal const string Plan = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "valueMatchType": "EXACT", "value": "gold" }""";

    internal static IKameleoonClient Client(TestSite site, string visitor) =>
        site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor);

    internal static Task<TestSite> StartAsync(string condition, params IVisitorData[] data) =>
        StartAsync(condition, data, clock: null);

    internal static Task<TestSite> StartAsync(string condition, IVisitorData[] data, TimeProvider? clock) =>
        TestSite.StartAsync(
            map: app =>
            {
                Pages.Map(app);
                app.MapGet("/add", (IKameleoonClient client) => client.AddData(data));
            },
            platform: DataFiles.Serving(DataFiles.Targeted(condition)),
            clock: clock);
}
