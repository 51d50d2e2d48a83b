using Microsoft.Playwright;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>Debian's Chromium, headless. Each visitor is a context of its own; all test classes share two processes.</summary>
/// <remarks>The headless shell has the same engine without windows and their user interface, and needs half the time. Where
/// it is not installed, the whole browser takes its place. Only the whole browser has a back/forward cache. Both end with
/// the test process.</remarks>
public sealed class Chromium
{
    private const string ShellProgram = "/usr/bin/chromium-headless-shell";
    private const string BrowserProgram = "/usr/bin/chromium";

    private static readonly Lazy<Task<IPlaywright>> Driver = new(Playwright.CreateAsync);
    private static readonly Lazy<Task<IBrowser>> SharedShell = new(() => LaunchAsync(File.Exists(ShellProgram) ? ShellProgram : BrowserProgram));
    private static readonly Lazy<Task<IBrowser>> SharedBrowser = new(() => LaunchAsync(BrowserProgram));

    private readonly Lazy<Task<IBrowser>> _shell = SharedShell;
    private readonly Lazy<Task<IBrowser>> _browser = SharedBrowser;

    /// <summary>Opens a browser profile without cookies.</summary>
    internal Task<IBrowserContext> NewVisitorAsync(bool scripts = true) => NewContextAsync(_shell, scripts);

    /// <summary>Opens a browser profile that keeps pages in the back/forward cache.</summary>
    internal Task<IBrowserContext> NewVisitorWithPageCacheAsync() => NewContextAsync(_browser, scripts: true);

    private static async Task<IBrowserContext> NewContextAsync(Lazy<Task<IBrowser>> browser, bool scripts)
    {
        var context = await (await browser.Value).NewContextAsync(
            new BrowserNewContextOptions { JavaScriptEnabled = scripts, IgnoreHTTPSErrors = true });
        context.SetDefaultTimeout((float)HangGuard.Timeout.TotalMilliseconds);
        return context;
    }

    private static async Task<IBrowser> LaunchAsync(string program) =>
        await (await Driver.Value).Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = program,
            Args =
            [
                "--no-sandbox",
                "--disable-gpu",
                "--disable-background-networking",
                "--host-resolver-rules=MAP *.test 127.0.0.1, MAP evil.example 127.0.0.1",
            ],
            IgnoreDefaultArgs = ["--disable-back-forward-cache"], // what people's browsers have
        });
}
