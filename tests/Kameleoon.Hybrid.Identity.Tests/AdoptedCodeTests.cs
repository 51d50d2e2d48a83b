namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A browser never gets the code of a user from its engine.</summary>
[Collection(nameof(Databases))]
public sealed class AdoptedCodeTests(PostgreSqlServer postgres)
{
    [Theory]
    [InlineData(null, "annas", 200)]
    [InlineData(null, "unowned", 201)]
    [InlineData("bert", "annas", 200)]
    [InlineData("bert", "unowned", 200)]
    public async Task The_engine_s_code_is_adopted_only_if_no_user_has_it_and_nobody_is_signed_in(string? user, string engine, int status)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddKameleoonTrust(),
            static options => options.Trust.Heal = IdentityHealing.AdoptEngineCode);
        await site.Identity.LinkAsync("anna", "annas");

        using var answer = await ReportAsync(site, "own", engine, user);

        ((int)answer.StatusCode).ShouldBe(status);
        (answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith($"kameleoonVisitorCode={engine};", StringComparison.Ordinal)))
            .ShouldBe(status == 201);
    }

    [Theory]
    [InlineData("own", 1)]
    [InlineData("another", 0)]
    public async Task However_often_a_page_reports_a_difference_the_store_is_asked_at_most_once(string code, int expected)
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        await using var site = await IdentitySite.StartAsync(
            kameleoon => database.AddTo(kameleoon).AddKameleoonTrust(),
            static options => options.Trust.Heal = IdentityHealing.AdoptEngineCode,
            services: TroubledStore.Use);
        var asked = 0;
        TroubledStore.Of(site).Before = call => asked += call == nameof(IVisitorLinkStore.FindOwnerAsync) ? 1 : 0;

        for (var report = 0; report < 3; report++)
        {
            using var answer = await ReportAsync(site, code, "unowned");
        }

        asked.ShouldBe(expected);
    }

    // The page was made for the code "own".
    private static async Task<HttpResponseMessage> ReportAsync(IdentitySite site, string code, string engine, string? user = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/seen?i=1") { Content = new StringContent($"\nown\n{engine}") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Sec-Fetch-Dest", "empty");
        request.Headers.Add("Cookie", $"kameleoonVisitorCode={code}; kameleoonVisitorCodeStamp=20000.{code}");
        if (user is not null)
        {
            request.Headers.Add(UserHeader.Name, user);
        }

        return await site.Http.SendAsync(request);
    }
}
