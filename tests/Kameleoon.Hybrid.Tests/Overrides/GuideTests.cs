using System.Security.Claims;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The code of docs/guides/qa-in-production.md.</summary>
public sealed class GuideTests
{
    [Fact]
    public async Task A_tester_overrides_a_variation_and_sees_the_inspector_on_the_page()
    {
        await using var site = await StartAsync();
        var cookie = await site.OverrideAsync("""{"checkout":"off"}""");

        using var page = TagSite.Parse(await site.ReadAsync("/tested", ("Cookie", $"kameleoonVisitorCode=anna; user=tester; {cookie}")));

        page.GetElementById("checkout")!.TextContent.ShouldBe("off");
        page.QuerySelectorAll("#kameleoonInspector").ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData("tester", "Forced")]
    [InlineData("anybody", "Rule")]
    public async Task Code_forces_a_variation_for_testers(string role, string reason)
    {
        await using var site = await StartAsync();

        (await site.ReadAsync($"/forced/{role}", ("Cookie", "kameleoonVisitorCode=anna"))).ShouldBe(reason);
    }

    private static Task<TestSite> StartAsync() => TagSite.StartAsync(
        services: static services =>
        {
            TesterAuthentication.Add(services);
            services.AddAuthorizationBuilder().AddPolicy("Testers", static policy => policy.RequireRole("tester"));
        },
        map: static app =>
        {
            app.MapKameleoonOverrides().RequireAuthorization("Testers");
            app.MapGet("/forced/{role}", (string role, IKameleoonClient client) =>
            {
                var user = new ClaimsPrincipal(new ClaimsIdentity([new Claim(ClaimTypes.Role, role)]));
                client.AddData(track: false, new CustomData(index: 4, "tester"));
                if (user.IsInRole("tester"))
                {
                    client.SetForcedVariation(experimentId: 7001, variationKey: "on");
                }

                return client.GetVariation("checkout").Reason.ToString();
            });
        });
}
