namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>A page out of a cache starts when it asks for its decisions: who its visitor is, is said then.</summary>
[Collection(nameof(Databases))]
public sealed class CachedPageTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private const string Marker = "kameleoonVisitorCodeUser=1";

    private Store _database = null!;

    public async Task InitializeAsync() => _database = await Store.CreateAsync("SQLite", postgres);

    public Task DisposeAsync()
    {
        _database.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_known_user_s_code_replaces_the_browser_s_in_cookie_and_engine()
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo);
        await site.Identity.LinkAsync("anna", "annas");

        var page = await site.AskAsync("anna", "second");

        page.Code.ShouldContain("\"visitorCode\":\"annas\"");
        page.Code.ShouldContain("""{"level":"IMMEDIATE","command":["Visitor.setVisitorCode","annas"]}""");
        page.Cookies.ShouldContain("kameleoonVisitorCode=annas;");
        await Eventually.IsTrueAsync(async () => (await site.Identity.ExportAsync("anna")).Count == 2);
        var next = await site.AskAsync("anna", "annas");
        next.Code.ShouldContain("\"visitorCode\":\"annas\"");
        next.Code.ShouldNotContain("setVisitorCode");
    }

    [Theory]
    [InlineData(SignInPolicy.KeepBrowser)]
    [InlineData(SignInPolicy.LinkOnly)]
    public async Task Where_browsers_keep_their_codes_this_page_does_too(SignInPolicy policy)
    {
        await using var site = await IdentitySite.StartAsync(_database.AddTo, options => options.Identity.SignIn = policy);
        await site.Identity.LinkAsync("anna", "annas");

        (await site.AskAsync("anna", "second")).Code.ShouldContain("\"visitorCode\":\"second\"");
    }

    [Fact]
    public async Task On_a_shared_device_it_makes_another_visitor_after_the_sign_out()
    {
        await using var site = await IdentitySite.StartAsync(
            _database.AddTo,
            options => options.Identity.SignOut = SignOutPolicy.NewVisitor,
            endpoints: group => group.AllowAnonymous());
        (await site.AskAsync("anna", "first")).Cookies.ShouldContain(Marker);

        var after = await site.AskAsync(code: "first", otherCookies: Marker);

        var code = after.Cookies.Split(';').Single(cookie => cookie.StartsWith("kameleoonVisitorCode=", StringComparison.Ordinal))[21..];
        code.ShouldMatch("^[a-z0-9]{16}$");
        after.Code.ShouldContain($"[\"Visitor.setVisitorCode\",\"{code}\"]");
        after.Cookies.ShouldContain("kameleoonVisitorCodeUser=;");
    }
}
