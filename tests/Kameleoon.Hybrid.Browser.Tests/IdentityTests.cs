using Microsoft.AspNetCore.Builder;
using Microsoft.Playwright;
using OnePerson;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>One person in two browsers: what they see, and under which code it is reported.</summary>
public sealed class IdentityTests(Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("one-person");
    private WebApplication _backEnd = null!;

    private Uri Address => new(_backEnd.Urls.First());

    public async Task InitializeAsync()
    {
        _backEnd = BackEnd.Build(new WebApplicationOptions
        {
            ApplicationName = "OnePerson",
            ContentRootPath = FindSample(),
            EnvironmentName = "Development",
            Args = ["--urls", "http://127.0.0.1:0", "--Kameleoon:Bots:Exclude:0", "HeadlessChrome",
                "--ConnectionStrings:Sqlite", $"Data Source={_folder.FullName}/one.db;Pooling=False"],
        });
        await _backEnd.StartAsync();
    }

    public async Task DisposeAsync()
    {
        await _backEnd.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Who_signs_in_on_a_second_browser_gets_the_first_one_s_code_and_variation_and_is_reported_under_it_only()
    {
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
        await page.WaitForFunctionAsync("window.Kameleoon && Kameleoon.API.Visitor.code");
        (await page.EvaluateAsync<string>("Kameleoon.API.Visitor.code")).ShouldBe(linked);
        (await CodeAsync(tablet)).ShouldBe(linked);

        var events = await LiveEvents.WaitAsync(Address, linked, sent => sent.Flag == "buy-button");
        events.Where(sent => sent.Flag == "buy-button").ShouldAllBe(sent => sent.Variation == shown && sent.Sender == "engine");

        // Whatever came under the tablet's own code came before it was signed in.
        (await LiveEvents.ReadAsync(Address)).Events
            .Where(sent => sent.VisitorCode == other && sent.Flag == "buy-button").ShouldAllBe(sent => sent.Variation != shown);
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
