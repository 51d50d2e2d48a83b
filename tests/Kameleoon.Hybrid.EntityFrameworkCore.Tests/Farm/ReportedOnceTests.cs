using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What servers that share sessions report once, they report once together.</summary>
[Collection(nameof(Databases))]
public sealed class ReportedOnceTests(PostgreSqlServer postgres)
{
    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task The_exposure_of_a_redirect_is_carried_to_a_page_of_another_server(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);

        await SendAsync(a, HttpMethod.Post, "redirect");
        await WrittenAsync(a);
        var landing = await SendAsync(b, HttpMethod.Get, "page");
        var later = await SendAsync(b, HttpMethod.Get, "page");

        landing.ShouldContain("7001,81001");
        later.ShouldNotContain("7001");
        await Eventually.IsTrueAsync(() => CarriedOn(a) == 0);
        (await SendAsync(a, HttpMethod.Get, "page")).ShouldNotContain("7001");
        a.TakeEvents().ShouldBeEmpty();
        b.TakeEvents().ShouldBeEmpty();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task The_exposure_of_a_redirect_fetched_ahead_is_carried_to_the_page_behind_it_on_another_server(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);

        await SendAsync(a, HttpMethod.Get, "redirect", isAhead: true);
        await WrittenAsync(a);
        var shown = await SendAsync(b, HttpMethod.Get, "page");
        var ahead = await SendAsync(b, HttpMethod.Get, "page", isAhead: true);

        shown.ShouldNotContain("7001");
        ahead.ShouldContain("7001,81001");
        await Eventually.IsTrueAsync(() => CarriedOn(a) == 0);
        (await SendAsync(a, HttpMethod.Get, "page", isAhead: true)).ShouldNotContain("7001");
        a.TakeEvents().ShouldBeEmpty();
        b.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_has_the_visitor_in_memory_learns_of_the_exposure()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await SendAsync(b, HttpMethod.Get, "page");

        await SendAsync(a, HttpMethod.Post, "redirect");
        await Eventually.IsTrueAsync(() => CarriedOn(b) == 1);

        (await SendAsync(b, HttpMethod.Get, "page")).ShouldContain("7001,81001");
        await Eventually.IsTrueAsync(() => CarriedOn(a) == 0);
        a.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_exposure_that_the_other_server_s_page_decided_itself_is_not_reported_again()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);

        (await SendAsync(b, HttpMethod.Get, "decided")).ShouldContain("7001,81001");
        await SendAsync(a, HttpMethod.Post, "redirect");

        // The other server may withdraw the exposure as soon as it is written, so only the entry shows that it was carried.
        await Eventually.IsTrueAsync(() => IsInStoreAsync(a));
        await Eventually.IsTrueAsync(() => CarriedOn(a) == 0);
        (await SendAsync(a, HttpMethod.Get, "page")).ShouldNotContain("7001");
        (await SendAsync(b, HttpMethod.Get, "page")).ShouldNotContain("7001");
        a.TakeEvents().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_stops_reports_what_it_carried_and_the_others_do_not()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var b = await StartAsync(database);
        await using (var a = await StartAsync(database))
        {
            await SendAsync(a, HttpMethod.Post, "redirect");
            await WrittenAsync(a);
            await a.App.StopAsync();
        }

        (await SendAsync(b, HttpMethod.Get, "page")).ShouldNotContain("7001");
    }

    [Fact]
    public async Task A_server_that_stops_leaves_an_exposure_to_the_server_that_carries_it()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var a = await StartAsync(database);
        await using (var b = await StartAsync(database))
        {
            await SendAsync(b, HttpMethod.Post, "store");
            await SendAsync(a, HttpMethod.Post, "redirect");
            await Eventually.IsTrueAsync(() => CarriedOn(b) == 1);
            await b.App.StopAsync();
        }

        await a.App.Services.GetRequiredService<SharedSessions>().RefreshAsync("anna");

        (await SendAsync(a, HttpMethod.Get, "page")).ShouldContain("7001,81001");
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_conversion_with_an_id_is_reported_by_one_server(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);

        await SendAsync(a, HttpMethod.Post, "buy?order=1");
        (await SendAsync(a, HttpMethod.Post, "store")).ShouldBe("true");
        await WrittenAsync(a);
        await SendAsync(b, HttpMethod.Post, "buy?order=1");
        b.TakeEvents().ShouldBeEmpty();
        await SendAsync(b, HttpMethod.Post, "buy?order=2");

        KnownOn(b)!.Conversions.Select(mark => mark.Key.Id).ShouldBe(["1", "2"]);
    }

    [Fact]
    public async Task A_conversion_that_a_server_stores_at_its_stop_is_known_to_the_others()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var b = await StartAsync(database);
        await using (var a = await StartAsync(database))
        {
            await SendAsync(a, HttpMethod.Post, "buy?order=1");
            await a.App.StopAsync();
        }

        await SendAsync(b, HttpMethod.Get, "page");

        KnownOn(b)!.Conversions.ShouldHaveSingleItem().Key.Id.ShouldBe("1");
    }

    [Fact]
    public async Task A_conversion_that_is_stored_after_a_sign_in_is_known_to_other_servers_under_the_person_s_code()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var a = await StartAsync(database);
        await using var b = await StartAsync(database);
        await a.Identity.LinkAsync("bert", "berts");

        await SendAsync(a, HttpMethod.Post, "buy?order=1");
        (await a.GoAsync("bert", "anna")).Code.ShouldBe("berts");
        (await SendAsync(a, HttpMethod.Post, "store")).ShouldBe("true");
        await WrittenAsync(a);
        await b.GoAsync("bert", "berts");

        KnownOn(b, "berts")!.Conversions.ShouldHaveSingleItem().Key.Id.ShouldBe("1");
    }

    private static Task<IdentitySite> StartAsync(Store database) => IdentitySite.StartAsync(
        kameleoon => database.AddTo(kameleoon).AddSharedSessions().AddTrackingOutbox(),
        options =>
        {
            options.SharedSessions.Timeout = TimeSpan.FromSeconds(20);
            options.Tracking.CarryFor = TimeSpan.FromMinutes(10); // a busy machine is no visitor who stays away
        },
        Map);

    private static void Map(RouteGroupBuilder group)
    {
        var test = group.MapGroup("test").AllowAnonymous();
        test.MapMethods("redirect", ["GET", "POST"], (IKameleoonClient kameleoon) =>
        {
            kameleoon.GetVariation("checkout");
            return Results.Redirect("/kameleoon/test/page");
        });
        test.MapGet("page", (IKameleoonClient kameleoon) => Results.Content(kameleoon.GetEngineTrackingCode(), "text/html"));
        test.MapGet("decided", (IKameleoonClient kameleoon) =>
        {
            kameleoon.GetVariation("checkout");
            return Results.Content(kameleoon.GetEngineTrackingCode(), "text/html");
        });
        test.MapPost("buy", (IKameleoonClient kameleoon, string order) => kameleoon.TrackConversion(55, order));
        test.MapPost("store", (IKameleoonClient kameleoon) => kameleoon.FlushAsync());
    }

    private static async Task<string> SendAsync(IdentitySite site, HttpMethod method, string path, bool isAhead = false)
    {
        using var request = new HttpRequestMessage(method, "/kameleoon/test/" + path);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=anna");
        if (isAhead)
        {
            request.Headers.Add("Sec-Purpose", "prefetch");
        }

        using var response = await site.Http.SendAsync(request);
        return await response.Content.ReadAsStringAsync();
    }

    private static int CarriedOn(IdentitySite site) => KnownOn(site)?.Carried.Length ?? 0;

    private static VisitorSnapshot? KnownOn(IdentitySite site, string code = "anna") =>
        site.App.Services.GetRequiredService<VisitorStore>().Peek(code)?.Record.Known;

    private static async Task<bool> IsInStoreAsync(IdentitySite site) =>
        (await site.App.Services.GetRequiredService<IVisitorSessionStore>().FindAsync("anna", CancellationToken.None))
            .Any(SharedReports.IsCarried);

    // The exposure is carried once the redirect is complete, which the caller of the redirect does not see.
    private static async Task WrittenAsync(IdentitySite site)
    {
        await Eventually.IsTrueAsync(() => KnownOn(site) is { Carried.Length: > 0 } or { Conversions: [{ IsSafe: true }, ..] });
        await Eventually.IsTrueAsync(() => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
    }
}
