using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Creates visitors that have a code already.</summary>
internal static class EngineVisitors
{
    /// <summary>Creates a visitor with a code from a server.</summary>
    /// <param name="chromium">The browser.</param>
    /// <param name="site">The site that the cookie belongs to.</param>
    /// <param name="code">The visitor code.</param>
    /// <param name="hasPageCache">Whether the browser keeps pages in the back/forward cache.</param>
    internal static async Task<IBrowserContext> NewVisitorAsync(
        this Chromium chromium, EngineSite site, string code, bool hasPageCache = false)
    {
        var visitor = hasPageCache ? await chromium.NewVisitorWithPageCacheAsync() : await chromium.NewVisitorAsync();
        await visitor.AddCookiesAsync(
        [
            new Cookie
            {
                Name = "kameleoonVisitorCode",
                Value = code,
                Url = site.Address.ToString(),
                Expires = DateTimeOffset.UtcNow.AddDays(10).ToUnixTimeSeconds(),
            },
        ]);
        return visitor;
    }
}
