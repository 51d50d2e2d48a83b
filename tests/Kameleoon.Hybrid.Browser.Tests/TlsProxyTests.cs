using Kameleoon.Hybrid.Sandbox;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>An https page whose sandbox is behind a proxy that ends TLS.</summary>
public sealed class TlsProxyTests(Chromium chromium) : IClassFixture<Chromium>
{
    [Fact]
    public async Task Behind_a_proxy_that_forwards_the_scheme_every_address_of_the_engine_is_https()
    {
        await using var site = await EngineSite.StartAsync(new EngineConfiguration
        {
            LiveUpdate = true,
            Experiments =
            [
                new EngineExperiment(5, "web")
                {
                    Kind = "web",
                    Tags = ["DELAYED"],
                    Variations = [new EngineVariation(6, "on") { Share = 1, Css = "p{}" }],
                },
            ],
        });
        site.Add("/", EngineSite.Recorder);
        await using var proxy = await TlsProxy.StartAsync(site.Address, forwards: true);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var complaints = Complaints.Of(page);
        var asked = new List<string>();
        page.Request += (_, request) => asked.Add(request.Url);

        await page.GotoAsync(proxy.At("/"));
        await page.WaitForFunctionAsync("() => seen.includes('ExperimentActivated')");
        EngineSite.Exposures(await site.FinishAsync(page)).ShouldBe(["5/6"]);

        asked.ShouldContain(url => url.Contains("/variations/6.js", StringComparison.Ordinal));
        asked.ShouldContain(url => url.Contains("/live-experiments/config.js", StringComparison.Ordinal));
        asked.Where(url => !url.StartsWith("data:", StringComparison.Ordinal)).ShouldAllBe(url => url.StartsWith(proxy.At("/"), StringComparison.Ordinal));
        complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("no-referrer")]
    [InlineData("strict-origin")]
    public async Task Behind_a_proxy_that_does_not_forward_it_the_console_names_the_reason(string policy)
    {
        await using var site = await EngineSite.StartAsync();
        site.Add("/", head: $"<meta name=\"referrer\" content=\"{policy}\">");
        await using var proxy = await TlsProxy.StartAsync(site.Address, forwards: false);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var warned = page.WaitForConsoleMessageAsync(new()
        {
            Predicate = message => message.Text.StartsWith("Kameleoon sandbox: this https page sends its events to http://shop.test", StringComparison.Ordinal),
        });

        await page.GotoAsync(proxy.At("/"));

        (await warned).Text.ShouldContain("X-Forwarded-Proto: https");
    }
}
