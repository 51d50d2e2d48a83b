using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>A script leaves a page before its tag runs, and another server answers the next page.</summary>
[Collection(nameof(Databases))]
public sealed class LeftPageOfAnotherServerTests(PostgreSqlServer postgres)
{
    private const string Left = "/kameleoon/test/decided?from=ad";

    [Theory]
    [InlineData("SQLite", Left)]
    [InlineData("PostgreSQL", Left)]
    [InlineData("SQLite", "/")] // pages send only their host
    public async Task The_next_page_of_another_server_hands_the_exposure_to_the_engine(string kind, string referrer)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        (await SendAsync(b, "/kameleoon/test/page")).ShouldNotContain("7001");

        (await SendAsync(a, Left)).ShouldContain("7001,81001");
        await WrittenAsync(a);
        var landing = await SendAsync(b, "/kameleoon/test/page", referrer);
        await WrittenAsync(b);
        var again = await SendAsync(b, "/kameleoon/test/page?2", Left);

        landing.ShouldContain("7001,81001");
        again.ShouldNotContain("7001");
        a.TakeEvents().ShouldBeEmpty();
        b.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_page_of_another_server_is_found_though_this_server_has_an_earlier_one_of_the_same_address()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        b.App.Services.GetRequiredService<HandedExposures>().Note(
            "anna", new DefaultHttpContext { Request = { Path = "/kameleoon/test/decided", QueryString = new("?from=ad") } }.Request, new());
        await WrittenAsync(b);

        (await SendAsync(a, Left)).ShouldContain("7001,81001");
        await WrittenAsync(a);

        (await SendAsync(b, "/kameleoon/test/page", Left)).ShouldContain("7001,81001");
    }

    [Fact]
    public async Task A_page_that_another_server_has_reported_or_that_is_not_the_referrer_is_left_to_its_owner()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);

        await SendAsync(a, Left);
        await WrittenAsync(a);
        (await SendAsync(b, "/kameleoon/test/page", "/kameleoon/test/other")).ShouldNotContain("7001");
        await SendAsync(b, "/kameleoon/seen?e=7001.81001");
        await WrittenAsync(b);
        (await SendAsync(b, "/kameleoon/test/page", Left)).ShouldNotContain("7001");

        a.TakeEvents().ShouldBeEmpty();
        b.TakeEvents().ShouldHaveSingleItem().VariationId.ShouldBe(81001);
    }

    [Theory]
    [InlineData(-20, 0, true)]
    [InlineData(20, 0, true)]
    [InlineData(3 * 24 * 60, 11, false)]
    public async Task How_old_the_page_is_says_the_clock_of_the_database(int ahead, int age, bool isFound)
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var wrong = await StartAsync(database, new WrongClock(TimeSpan.FromMinutes(ahead)));
        await using var right = await StartAsync(database);

        await SendAsync(wrong, Left);
        await WrittenAsync(wrong);
        await database.ExecuteAsync(
            $"UPDATE kameleoon_visitor_sessions SET changed_at = changed_at - {TimeSpan.FromMinutes(age).TotalMilliseconds}");

        (await SendAsync(right, "/kameleoon/test/page", Left)).Contains("7001,81001", StringComparison.Ordinal).ShouldBe(isFound);
    }

    private static Task<IdentitySite> StartAsync(Store database, TimeProvider? clock = null) => IdentitySite.StartAsync(
        kameleoon => database.AddTo(kameleoon).AddSharedSessions(),
        options =>
        {
            options.SharedSessions.Timeout = TimeSpan.FromSeconds(20);
            options.Tracking.CarryFor = TimeSpan.FromMinutes(10); // a busy machine is no visitor who stays away
        },
        Map,
        services: services => services.AddSingleton(clock ?? TimeProvider.System));

    private static void Map(RouteGroupBuilder group)
    {
        var test = group.MapGroup("test").AllowAnonymous();
        test.MapGet("page", (IKameleoonClient kameleoon) => Results.Content(kameleoon.GetEngineTrackingCode(), "text/html"));
        test.MapGet("decided", (IKameleoonClient kameleoon) =>
        {
            kameleoon.GetVariation("checkout");
            return Results.Content(kameleoon.GetEngineTrackingCode(), "text/html");
        });
    }

    private static async Task<string> SendAsync(IdentitySite site, string path, string? referrer = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=anna");
        if (referrer is not null)
        {
            request.Headers.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0");
            request.Headers.Add("Sec-Fetch-Mode", "navigate");
            request.Headers.Add("Sec-Fetch-Dest", "document");
            request.Headers.Add("Sec-Fetch-Site", "same-origin");
            request.Headers.Referrer = new Uri("https://shop.example" + referrer);
        }

        using var response = await site.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static Task WrittenAsync(IdentitySite site) =>
        Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
}
