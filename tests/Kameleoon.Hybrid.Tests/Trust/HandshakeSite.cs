namespace Kameleoon.Hybrid.Tests;

/// <summary>A site whose pages compare the engine's visitor code with the server's, and what such a page reports.</summary>
internal sealed class HandshakeSite : IAsyncDisposable
{
    internal const string Page = "page0";
    internal const string Engine = "engine0";

    private HandshakeSite(TestSite site) => Site = site;

    internal TestSite Site { get; }

    internal IdentityReport Report => Site.App.Services.GetRequiredService<IdentityComparisons>().Look();

    internal static async Task<HandshakeSite> StartAsync(
        Action<KameleoonOptions>? options = null, string? dataFile = null, TimeProvider? clock = null) => new(
        await TestSite.StartAsync(
            options,
            platform: DataFiles.Serving(dataFile ?? DataFiles.Site("NOT_REQUIRED")),
            clock: clock,
            environment: "Development",
            kameleoon: static kameleoon => kameleoon.AddKameleoonTrust(),
            services: static services => services.AddHealthChecks().AddKameleoonTrust(),
            map: static app =>
            {
                Pages.Map(app);
                app.MapKameleoonTrust();
            }));

    /// <summary>Sends what a page reports.</summary>
    /// <param name="cookies">The cookies that the browser sends.</param>
    /// <param name="body">The body: what the page saw, its code and the engine's.</param>
    /// <param name="headers">Headers in the place of those of a script of this site.</param>
    internal async Task<HttpResponseMessage> ReportAsync(
        string cookies, string body = $"\n{Page}\n{Engine}", params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/seen?i=1") { Content = new StringContent(body) };
        request.Headers.TryAddWithoutValidation("Cookie", cookies);
        foreach (var (name, value) in headers.Length > 0 ? headers : [("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "empty")])
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return await Site.Http.SendAsync(request);
    }

    /// <summary>The cookies of a browser.</summary>
    /// <param name="codes">The visitor codes in it.</param>
    /// <param name="stamp">The code that the server wrote last, or null.</param>
    internal static string Cookies(string[] codes, string? stamp = null) => string.Join("; ",
    [
        .. codes.Select(static code => "kameleoonVisitorCode=" + code),
        .. stamp is null ? [] : new[] { "kameleoonVisitorCodeStamp=20000." + stamp },
    ]);

    public ValueTask DisposeAsync() => Site.DisposeAsync();
}
