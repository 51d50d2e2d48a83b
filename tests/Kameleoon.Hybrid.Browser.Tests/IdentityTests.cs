using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using OnePerson;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>One person in two browsers: what they see, and under which code it is reported.</summary>
public sealed class IdentityTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("one-person");
    private WebApplication? _backEnd;

    private Uri Address => new(_backEnd!.Urls.First());

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync()
    {
        if (_backEnd is not null)
        {
            await _backEnd.DisposeAsync();
        }

        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_person_on_a_second_browser_has_the_code_and_variation_of_the_first_and_is_reported_under_it()
    {
        await StartAsync();
        await using var laptop = await chromium.NewVisitorAsync();
        var (anonymous, shown) = await OpenAsync(laptop, "/");
        var (linked, signedIn) = await OpenAsync(laptop, "/sign-in?name=anna");
        (linked, signedIn).ShouldBe((anonymous, shown));

        // A second browser that would see the other variation, did it not know whose it is.
        await using var tablet = await chromium.NewVisitorAsync();
        var other = await AnotherVariationAsync(tablet, shown);
        var page = await tablet.NewPageAsync();
        await page.GotoAsync(new Uri(Address, "/sign-in?name=anna").ToString());
        (await page.GetByTestId("buy").GetAttributeAsync("data-variation")).ShouldBe(shown);
        (await EngineCodeAsync(page)).ShouldBe(linked);
        (await CodeAsync(tablet)).ShouldBe(linked);

        var events = await LiveEvents.WaitAsync(Address, linked, sent => sent.Flag == "buy-button");
        events.Where(sent => sent.Flag == "buy-button").ShouldAllBe(sent => sent.Variation == shown && sent.Sender == "engine");

        // Whatever came under the tablet's own code came before it was signed in.
        (await LiveEvents.ReadAsync(Address)).Events
            .Where(sent => sent.VisitorCode == other && sent.Flag == "buy-button").ShouldAllBe(sent => sent.Variation != shown);
    }

    [Fact]
    public async Task On_a_shared_device_cookie_and_engine_are_another_visitor_s_after_the_sign_out()
    {
        await StartAsync("--Kameleoon:Identity:SignOut", "NewVisitor");
        await using var shared = await chromium.NewVisitorAsync();
        var (annas, _) = await OpenAsync(shared, "/sign-in?name=anna");

        var page = await shared.NewPageAsync();
        await page.GotoAsync(new Uri(Address, "/sign-out").ToString());

        var next = await EngineCodeAsync(page);
        (next == annas).ShouldBeFalse();
        (await CodeAsync(shared)).ShouldBe(next);
        (await OpenAsync(shared, "/")).Code.ShouldBe(next);
        (await OpenAsync(shared, "/sign-in?name=anna")).Code.ShouldBe(annas);
    }

    [Theory]
    [InlineData("KeepBrowser")]
    [InlineData("LinkOnly")]
    public async Task A_browser_that_keeps_its_code_keeps_variation_and_engine_at_the_sign_in(string policy)
    {
        await StartAsync("--Kameleoon:Identity:SignIn", policy);
        await using var laptop = await chromium.NewVisitorAsync();
        var (annas, _) = await OpenAsync(laptop, "/sign-in?name=anna");
        await using var tablet = await chromium.NewVisitorAsync();
        var (own, shown) = await OpenAsync(tablet, "/");

        var page = await tablet.NewPageAsync();
        await page.GotoAsync(new Uri(Address, "/sign-in?name=anna").ToString());

        (await EngineCodeAsync(page)).ShouldBe(own);
        (await CodeAsync(tablet)).ShouldBe(own);
        (await page.GetByTestId("buy").GetAttributeAsync("data-variation")).ShouldBe(shown);

        // A browser without a code: the user's, or one of its own.
        await tablet.ClearCookiesAsync(new() { Name = "kameleoonVisitorCode" });
        await page.EvaluateAsync("localStorage.clear()");
        ((await OpenAsync(tablet, "/")).Code == annas).ShouldBe(policy == "KeepBrowser");
    }

    [Fact]
    public async Task A_page_out_of_a_cache_gets_the_code_of_who_is_signed_in_before_its_engine_starts()
    {
        await StartAsync();
        await using var laptop = await chromium.NewVisitorAsync();
        var (annas, shown) = await OpenAsync(laptop, "/sign-in?name=anna");
        await using var tablet = await chromium.NewVisitorAsync();
        var page = await tablet.NewPageAsync();
        await page.GotoAsync(Address.ToString());
        var own = await EngineCodeAsync(page);
        var engine = await page.Locator("script[src*='engine.js']").First.GetAttributeAsync("src");
        await page.RouteAsync("**/cached", route => route.FulfillAsync(new() { ContentType = "text/html", Body = CachedPage(engine!) }));

        // Signs in without a page of ours: the cached one is the first to see it.
        await page.EvaluateAsync("fetch('/sign-in?name=anna', { redirect: 'manual' })");
        (await CodeAsync(tablet)).ShouldBe(own);
        await page.GotoAsync(new Uri(Address, "/cached").ToString());

        (await EngineCodeAsync(page)).ShouldBe(annas);
        (await page.EvaluateAsync<string>("document.body.dataset.variation")).ShouldBe(shown);
        (await CodeAsync(tablet)).ShouldBe(annas);
    }

    [Fact]
    public async Task A_page_tells_the_server_its_code_by_a_request_without_a_content_type_of_JSON()
    {
        await StartAsync("--Kameleoon:Identity:SignIn", "KeepBrowser");
        await using var laptop = await chromium.NewVisitorAsync();
        var page = await laptop.NewPageAsync();
        await page.GotoAsync(new Uri(Address, "/sign-in?name=anna").ToString());
        var code = await EngineCodeAsync(page);

        var status = await page.EvaluateAsync<int>(
            """
            visitorCode => fetch("/kameleoon/visitor/sync", { method: "POST", body: JSON.stringify({ visitorCode }) })
              .then(({ status }) => status)
            """,
            code);

        status.ShouldBe(200);
        (await page.EvaluateAsync<string>("fetch('/kameleoon/visitor').then(answer => answer.json()).then(one => one.visitorCode)"))
            .ShouldBe(code);
    }

    private async Task StartAsync(params string[] settings)
    {
        _backEnd = BackEnd.Build(new WebApplicationOptions
        {
            ApplicationName = "OnePerson",
            ContentRootPath = FindSample(),
            EnvironmentName = "Development",
            Args = ["--urls", "http://127.0.0.1:0", "--Kameleoon:Bots:Exclude:0", "HeadlessChrome",
                "--Kameleoon:Sandbox:Storage", "",
                "--ConnectionStrings:Sqlite", $"Data Source={_folder.FullName}/one.db;Pooling=False", .. settings],
        });
        await _backEnd.StartAsync();
    }

    private static string CachedPage(string engine) => $$"""
        <!DOCTYPE html>
        <html lang="en"><head><meta charset="utf-8"><title>Cached</title><link rel="icon" href="data:,"></head>
        <body><script>
          (async () => {
            const { decisions, queue } = await (await fetch("/kameleoon/decisions?key=buy-button")).json();
            (window.kameleoonQueue ||= []).push(...queue);
            document.body.dataset.variation = decisions[0].variationKey;
            const engine = document.createElement("script");
            engine.src = "{{engine}}";
            document.head.append(engine);
          })();
        </script></body></html>
        """;

    private static async Task<string> EngineCodeAsync(IPage page)
    {
        await page.WaitForFunctionAsync("window.Kameleoon && Kameleoon.API.Visitor.code");
        return await page.EvaluateAsync<string>("Kameleoon.API.Visitor.code");
    }

    private async Task<(string Code, string Variation)> OpenAsync(IBrowserContext browser, string path)
    {
        var page = await browser.NewPageAsync();
        await page.GotoAsync(new Uri(Address, path).ToString());
        return (await CodeAsync(browser), (await page.GetByTestId("buy").GetAttributeAsync("data-variation"))!);
    }

    private async Task<string> AnotherVariationAsync(IBrowserContext browser, string variation)
    {
        while (true)
        {
            await browser.ClearCookiesAsync();
            var (code, shown) = await OpenAsync(browser, "/");
            if (shown != variation)
            {
                return code;
            }
        }
    }

    private static async Task<string> CodeAsync(IBrowserContext browser) =>
        (await browser.CookiesAsync()).Single(cookie => cookie.Name == "kameleoonVisitorCode").Value;

    private static string FindSample()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "Kameleoon.Hybrid.sln")))
        {
            folder = folder.Parent ?? throw new InvalidOperationException("The tests run outside of the repository.");
        }

        return Path.Combine(folder.FullName, "samples", "OnePerson");
    }
}
