using AngleSharp.Dom;
using AngleSharp.Html.Dom;
using AngleSharp.Html.Parser;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The test site with real Razor pages, read as a browser without scripts would.</summary>
internal static class TagSite
{
    internal static Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? map = null,
        StubPlatform? platform = null,
        string environment = "Production") => TestSite.StartAsync(
            options,
            app =>
            {
                app.MapRazorPages();
                map?.Invoke(app);
            },
            platform,
            services: all =>
            {
                all.AddRazorPages(pages => pages.RootDirectory = "/Tags/Pages")
                    .AddApplicationPart(typeof(TagSite).Assembly);
                all.AddRazorComponents().AddInteractiveServerComponents();
                services?.Invoke(all);
            },
            before: before,
            environment: environment);

    internal static async Task<IHtmlDocument> OpenAsync(
        this TestSite site, string path, params (string Name, string Value)[] headers)
    {
        using var response = await site.GetAsync(path, [("Cookie", "kameleoonVisitorCode=someone"), .. headers]);
        var html = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(html);
        return Parse(html);
    }

    internal static IHtmlDocument Parse(string html) => new HtmlParser().ParseDocument(html);

    /// <summary>What kind of element of ours each is, in document order.</summary>
    internal static string[] Kinds(this IParentNode parent) =>
        [.. parent.QuerySelectorAll("script, link[rel=preload], noscript").Select(Kind)];

    private static string Kind(IElement element) => element switch
    {
        { LocalName: "link" } => "preload",
        { LocalName: "noscript" } => "image",
        { Id: "kameleoonEngine" } => "engine",
        { TextContent: var code } when code.Contains("Experiments.trigger", StringComparison.Ordinal) =>
            code.Contains("IMMEDIATE", StringComparison.Ordinal) ? "tracking with code" : "tracking",
        { TextContent: var code } when code.Contains("kameleoonDisplayPage", StringComparison.Ordinal) => "anti-flicker",
        { TextContent: var code } when code.Contains("kameleoonIframeURL", StringComparison.Ordinal) => "frame",
        { TextContent: var code } when code.Contains("IMMEDIATE", StringComparison.Ordinal) => "queue with code",
        _ => "queue",
    };
}
