using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>Creates visitors that have a code already.</summary>
internal static class EngineVisitors
{
    /// <summary>Creates a visitor with a code from a server.</summary>
    internal static async Task<IBrowserContext> NewVisitorAsync(this Chromium chromium, EngineSite site, string code)
    {
        var visitor = await chromium.NewVisitorAsync();
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
