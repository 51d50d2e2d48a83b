namespace Kameleoon.Hybrid.Tests;

/// <summary>Content for one variation only.</summary>
public sealed class VariationTagTests
{
    [Fact]
    public async Task Only_the_visitor_s_variation_is_rendered_and_only_its_content_is_run()
    {
        await using var site = await TagSite.StartAsync();

        using var response = await site.GetAsync("/flags", ("Cookie", "kameleoonVisitorCode=someone"));
        using var page = TagSite.Parse(await response.Content.ReadAsStringAsync());

        page.QuerySelectorAll("p").Select(shown => shown.Id).ShouldBe(["alone", "on", "not-dark"]);
        response.Headers.GetValues("X-Run").ShouldBe(["alone", "on", "not-dark"]);
        page.Body!.InnerHtml.ShouldNotContain("kameleoon-");
    }

    [Fact]
    public async Task The_tags_of_a_flag_are_one_exposure()
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync("/flags");

        page.Scripts.ShouldHaveSingleItem().TextContent.Split("Experiments.trigger',7001").Length.ShouldBe(2);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_flag_is_decided_once_for_a_page_whatever_becomes_known_in_between()
    {
        const string Plan = """{ "targetingType": "CUSTOM_DATUM", "customDataIndex": "4", "valueMatchType": "EXACT", "value": "pro" }""";
        await using var site = await TagSite.StartAsync(
            platform: DataFiles.Serving(DataFiles.Targeted(Plan)),
            map: app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
            {
                var visitor = RequestVisitor.Of(context);
                var tag = context.RequestServices.GetRequiredService<VariationTag>();
                var before = tag.Decide(context, "checkout").Key;
                client.AddData(new CustomData(4, "pro"));
                return $"{before} {client.GetVariation("checkout").Key} {tag.Decide(context, "checkout").Key}";
            }));

        (await site.ReadAsync("/")).ShouldBe("off on off");
    }

    [Theory]
    [InlineData("/wrong/orphan", "does not name its flag")]
    [InlineData("/wrong/after-else", "comes after the <kameleoon-else>")]
    [InlineData("/wrong/no-key", "<kameleoon-variation> does not name its variation")]
    [InlineData("/wrong/no-flag", "<kameleoon-flag> does not say which")]
    [InlineData("/wrong/else", "<kameleoon-else> is not inside a <kameleoon-flag>")]
    [InlineData("/wrong/conversion", "<kameleoon-conversion> is not inside <kameleoon-tracking>")]
    [InlineData("/wrong/no-goal", "<kameleoon-conversion> does not say of which goal")]
    [InlineData("/wrong/no-index", "<kameleoon-custom-data> does not say which")]
    public async Task In_production_a_tag_that_is_used_wrongly_shows_nothing_and_is_logged(string path, string sentence)
    {
        await using var site = await TagSite.StartAsync();

        using var page = await site.OpenAsync(path);

        page.Body!.TextContent.ShouldNotContain("shown");
        site.Log.Texts(401).ShouldHaveSingleItem().ShouldContain(sentence);
    }
}
