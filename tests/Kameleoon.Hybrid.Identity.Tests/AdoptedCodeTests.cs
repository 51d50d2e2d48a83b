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
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/seen?i=1") { Content = new StringContent($"\nown\n{engine}") };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.Add("Sec-Fetch-Dest", "empty");
        request.Headers.Add("Cookie", "kameleoonVisitorCode=own; kameleoonVisitorCodeStamp=20000.own");
        if (user is not null)
        {
            request.Headers.Add(UserHeader.Name, user);
        }

        using var answer = await site.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(status);
        (answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.Any(cookie => cookie.StartsWith($"kameleoonVisitorCode={engine};", StringComparison.Ordinal)))
            .ShouldBe(status == 201);
    }
}
