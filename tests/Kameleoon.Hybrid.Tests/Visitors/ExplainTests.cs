using System.Net;

namespace Kameleoon.Hybrid.Tests;

public sealed class ExplainTests
{
    private const string Gold = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "valueMatchType": "EXACT", "value": "gold" }""";

    [Fact]
    public async Task It_says_why_with_what_is_known_of_the_visitor_and_leaves_no_trace()
    {
        await using var site = await StartAsync();

        var text = await site.ReadAsAsync("anna", "/why/checkout");

        text.ShouldStartWith("checkout for anna is off (Default)");
        text.ShouldContain("gold");
        (await site.ReadAsAsync("anna", "/why/other")).ShouldStartWith("other for anna is on (Rule)");
        site.App.Services.GetRequiredService<VisitorStore>().Count.ShouldBe(0);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_that_explains_belongs_to_its_visitor()
    {
        await using var site = await StartAsync();

        using var response = await site.GetAsync("/why/other");

        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task The_flags_and_the_data_file_can_be_looked_into()
    {
        await using var site = await TestSite.StartAsync();
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        client.GetFeatureList().ShouldBe(["checkout", "delivery", "style", "dark"]);
        client.GetDataFile()!.Flags.Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("chekcout", "Did you mean 'checkout'?")]
    [InlineData("CHECKOUT", "Did you mean 'checkout'?")]
    [InlineData("something-else", "It has 'checkout', 'other'.")]
    public async Task Where_the_site_wants_it_an_unknown_flag_throws_and_names_what_was_meant(string key, string hint)
    {
        await using var site = await StartAsync(options => options.ThrowOnUnknownFeature = true);
        var client = site.App.Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor("anna");

        var error = Should.Throw<ArgumentException>(() => client.GetVariation(key));

        error.ParamName.ShouldBe("featureKey");
        error.Message.ShouldContain($"The data file has no flag '{key}'. {hint}");
        Should.Throw<ArgumentException>(() => client.IsFeatureActive(key));
        client.GetVariation("other").Key.ShouldBe("on");
        client.Explain(key)!.Decision.Flag.ShouldBeNull();
        (await site.GetAsync($"/decide/{key}")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
    }

    private static Task<TestSite> StartAsync(Action<KameleoonOptions>? options = null) => TestSite.StartAsync(
        options,
        app =>
        {
            Pages.Map(app);
            app.MapGet("/why/{key}", (string key, IKameleoonClient client) => client.Explain(key)!.ToString());
        },
        DataFiles.Serving(DataFiles.Targeted(Gold)));
}
