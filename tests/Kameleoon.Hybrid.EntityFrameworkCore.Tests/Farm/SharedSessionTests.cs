using Microsoft.AspNetCore.Routing;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>Two servers with one database are one to a visitor who comes to either.</summary>
[Collection(nameof(Databases))]
public sealed class SharedSessionTests(PostgreSqlServer postgres)
{
    private static readonly string Free = ConsentShop.DataFile.Replace("\"REQUIRED\"", "\"NOT_REQUIRED\"", StringComparison.Ordinal);

    [Fact]
    public async Task What_was_said_on_one_server_holds_on_another_at_the_visitor_s_first_request_there()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database, Free);
        await using var b = await StartAsync(database, Free);

        await SayAsync(a, "data?plan=gold", "anna");
        await SayAsync(a, "force?key=on", "bert");
        await WrittenAsync(a);

        (await FlagAsync(b, "anna")).ShouldBe("on Rule");
        (await FlagAsync(b, "bert")).ShouldBe("on Forced");
        (await FlagAsync(b, "carl")).ShouldStartWith("off");
    }

    [Fact]
    public async Task Consent_that_is_given_and_refused_on_one_server_is_given_and_refused_on_another()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database, ConsentShop.DataFile);
        await using var b = await StartAsync(database, ConsentShop.DataFile);
        await SayAsync(a, "data?plan=gold", "anna");
        await SayAsync(a, "consent?given=true", "anna");
        await WrittenAsync(a);
        (await FlagAsync(b, "anna")).ShouldStartWith("on");
        ConsentOn(b, "anna").ShouldBe("Given");

        await SayAsync(a, "consent?given=false", "anna");
        await SayAsync(b, "data?plan=gold", "bert");
        await SayAsync(b, "consent?given=false", "bert");
        await WrittenAsync(b);

        await Eventually.IsTrueAsync(() => ConsentOn(b, "anna") == "Refused");
        (await FlagAsync(b, "anna")).ShouldStartWith("off");
        (await FlagAsync(a, "bert")).ShouldStartWith("off");
        ConsentOn(a, "bert").ShouldBe("Refused");
    }

    [Fact]
    public async Task Who_goes_back_and_forth_finds_on_each_server_what_the_other_was_told_last()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database, Free);
        await using var b = await StartAsync(database, Free);
        (await FlagAsync(a, "anna")).ShouldStartWith("off");
        (await FlagAsync(b, "anna")).ShouldStartWith("off");

        await SayAsync(a, "data?plan=gold", "anna");
        await Eventually.IsTrueAsync(async () => await FlagAsync(b, "anna") == "on Rule");
        await SayAsync(b, "data?plan=silver", "anna");
        await Eventually.IsTrueAsync(async () => (await FlagAsync(a, "anna")).StartsWith("off", StringComparison.Ordinal));
        await SayAsync(a, "force?key=on", "anna");
        await Eventually.IsTrueAsync(async () => await FlagAsync(b, "anna") == "on Forced");
        await SayAsync(b, "force", "anna");
        await Eventually.IsTrueAsync(async () => (await FlagAsync(a, "anna")).StartsWith("off", StringComparison.Ordinal));
        (await FlagAsync(b, "anna")).ShouldStartWith("off");
    }

    [Fact]
    public async Task While_the_database_is_down_pages_go_on_and_what_was_said_is_shared_when_it_is_back()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var a = await StartAsync(database, Free);
        await using var b = await StartAsync(database, Free);
        await postgres.StopAsync();
        try
        {
            await SayAsync(a, "data?plan=gold", "anna");
            (await FlagAsync(a, "anna")).ShouldStartWith("on");
            (await FlagAsync(b, "anna")).ShouldStartWith("off");
            (await a.HealthAsync()).ShouldBe("Degraded");
            a.Log.Texts(221).ShouldHaveSingleItem();
        }
        finally
        {
            await postgres.StartAsync();
        }

        await Eventually.IsTrueAsync(async () => (await FlagAsync(b, "anna")).StartsWith("on", StringComparison.Ordinal));
        await Eventually.IsTrueAsync(async () => await a.HealthAsync() == "Healthy");
        a.Log.Texts(222).ShouldNotBeEmpty();
        a.Log.Texts(223).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_server_that_stops_leaves_what_it_was_told_last_to_the_others()
    {
        using var database = await Store.CreateAsync("PostgreSQL", postgres);
        await using var b = await StartAsync(database, Free);
        await using (var a = await StartAsync(database, Free))
        {
            await SayAsync(a, "data?plan=gold", "anna");
            await a.App.StopAsync();
        }

        (await FlagAsync(b, "anna")).ShouldStartWith("on");
    }

    private static Task<IdentitySite> StartAsync(Store database, string dataFile) => IdentitySite.StartAsync(
        kameleoon => database.AddTo(kameleoon).AddSharedSessions(),
        options => options.SharedSessions.Timeout = TimeSpan.FromSeconds(20),
        Map,
        dataFile);

    private static void Map(RouteGroupBuilder group)
    {
        var test = group.MapGroup("test").AllowAnonymous();
        test.MapGet("flag", (IKameleoonClient kameleoon) =>
            kameleoon.GetVariation("checkout") is var got ? $"{got.Key} {got.Reason}" : "");
        test.MapPost("consent", (IKameleoonClient kameleoon, bool given) => kameleoon.SetLegalConsent(given));
        test.MapPost("data", (IKameleoonClient kameleoon, string plan) => kameleoon.AddData(new CustomData("plan", plan)));
        test.MapPost("force", (IKameleoonClient kameleoon, string? key) => kameleoon.SetForcedVariation(7001, key).ToString());
    }

    private static Task<string> FlagAsync(IdentitySite site, string visitor) => AskAsync(site, HttpMethod.Get, "flag", visitor);

    private static Task<string> SayAsync(IdentitySite site, string what, string visitor) =>
        AskAsync(site, HttpMethod.Post, what, visitor);

    private static async Task<string> AskAsync(IdentitySite site, HttpMethod method, string what, string visitor)
    {
        using var request = new HttpRequestMessage(method, "/kameleoon/test/" + what);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=" + visitor);
        using var response = await site.Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    private static string? ConsentOn(IdentitySite site, string visitor) =>
        site.App.Services.GetRequiredService<VisitorStore>().Peek(visitor)?.Record.Known.Consent.ToString();

    private static Task WrittenAsync(IdentitySite site) => Eventually.IsTrueAsync(
        () => site.App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);
}
