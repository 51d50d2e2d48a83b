using Microsoft.Playwright;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>Debian's Chromium, headless; each visitor is a context of its own.</summary>
public sealed class Chromium : IAsyncLifetime
{
    private IPlaywright _playwright = null!;
    private IBrowser _browser = null!;

    public async Task InitializeAsync()
    {
        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP *.test 127.0.0.1",
            ],
            IgnoreDefaultArgs = ["--disable-back-forward-cache"], // what people's browsers have
        });
    }

    public async Task DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
    }

    internal Task<IBrowserContext> NewVisitorAsync(bool scripts = true) =>
        _browser.NewContextAsync(new BrowserNewContextOptions { JavaScriptEnabled = scripts, IgnoreHTTPSErrors = true });
}
