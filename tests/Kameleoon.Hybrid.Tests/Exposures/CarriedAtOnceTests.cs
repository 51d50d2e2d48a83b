using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Redirects over several hops, hosts and tabs, and pages that a middleware compresses.</summary>
public sealed partial class CarriedAtOnceTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Fact]
    public async Task A_chain_of_redirects_over_two_hosts_hands_each_exposure_over_once()
    {
        await using var site = await StartAsync();

        using var first = await site.GetAsync("/moved/checkout", Anna, ("Host", "shop.example"));
        using var second = await site.GetAsync("/moved/style", Anna, ("Host", "pay.shop.example"));
        using var third = await site.GetAsync("/moved/checkout", Anna, ("Host", "shop.example"));
        var landing = await site.ReadAsync("/tag", Anna, ("Host", "pay.shop.example"));
        var later = await site.ReadAsync("/tag", Anna, ("Host", "shop.example"));

        VariationsIn(landing).ShouldBe(["81001", "81003"], ignoreOrder: true);
        VariationsIn(later).ShouldBeEmpty();
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Two_tabs_that_are_redirected_at_once_report_each_exposure_once()
    {
        const int Visitors = 50;
        await using var site = await StartAsync();

        for (var i = 0; i < Visitors; i++)
        {
            var visitor = ("Cookie", $"kameleoonVisitorCode=visitor{i}");
            var redirects = await Task.WhenAll(site.GetAsync("/moved/checkout", visitor), site.GetAsync("/moved/style", visitor));
            Array.ForEach(redirects, static redirect => redirect.Dispose());
            var pages = await Task.WhenAll(site.ReadAsync("/tag", visitor), site.ReadAsync("/tag", visitor));

            pages.SelectMany(VariationsIn).ShouldBe(["81001", "81003"], ignoreOrder: true);
        }

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/page/checkout", 1, 0)]
    [InlineData("/decide/checkout", 0, 1)]
    [InlineData("/moved/checkout", 0, 1)]
    [InlineData("/fails", 0, 1)]
    public async Task A_compressed_response_s_exposure_counts_once(string path, int inPage, int byServer)
    {
        await using var site = await StartAsync(compresses: true);

        using var response = await site.GetAsync(path, Anna, ("Accept-Encoding", "gzip"));
        var html = await DecompressAsync(response);

        VariationsIn(html).Count().ShouldBe(inPage);
        (await site.StopAndReadEventsAsync()).Count(sent => sent["variationId"] == "81001").ShouldBe(byServer);
    }

    private static async Task<string> DecompressAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsByteArrayAsync();
        if (!response.Content.Headers.ContentEncoding.Contains("gzip"))
        {
            return Encoding.UTF8.GetString(body);
        }

        await using var unzipped = new GZipStream(new MemoryStream(body), CompressionMode.Decompress);
        using var reader = new StreamReader(unzipped);
        return await reader.ReadToEndAsync();
    }

    private static IEnumerable<string> VariationsIn(string html) =>
        Assigned().Matches(html).Select(static match => match.Groups["variation"].Value);

    private static Task<TestSite> StartAsync(bool compresses = false) => TestSite.StartAsync(
        services: services => services.AddResponseCompression(),
        before: app =>
        {
            if (compresses)
            {
                app.UseResponseCompression();
            }
        },
        map: app =>
        {
            Pages.Map(app);
            app.MapGet("/moved/{key}", (string key, IKameleoonClient client) =>
            {
                client.GetVariation(key);
                return Results.Redirect("/tag");
            });
            app.MapGet("/tag", (HttpContext context) => Results.Content(Pages.Tracking(context), "text/html"));
            app.MapGet("/fails", string (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("checkout");
                Pages.Tracking(context).ShouldContain("7001");
                throw new InvalidOperationException("On purpose.");
            });
        });

    [GeneratedRegex(@"assignVariation',\d+,(?<variation>\d+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Assigned();
}
