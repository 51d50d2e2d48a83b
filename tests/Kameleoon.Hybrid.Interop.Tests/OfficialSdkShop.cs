using System.Globalization;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Interop.Tests;

/// <summary>A page our server decides and the official JavaScript SDK tracks, with the platform inside, and a browser that
/// finds all of it below one domain.</summary>
/// <remarks>The SDK speaks https to hosts of its own naming, at ports of its own. The browser leads them all to the one
/// address, so that nothing of the SDK has to be changed.</remarks>
internal sealed class OfficialSdkShop : IAsyncDisposable
{
    internal const int Goal = 55;

    internal const string Project = """
        {
          // Without a domain of its own the SDK does not report; of it only the first part stays below another one.
          "site": { "dataDomain": "eu-data.kameleoon.io", "realTimeUpdate": true },
          "goals": { "order": { "id": 55 } },
          "flags": {
            "checkout": {
              "id": 1001, "default": "classic", "variations": { "classic": {}, "one-page": {} },
              "rules": [{
                "id": 2, "experiment": 7001, "goals": ["order"],
                "split": { "classic": { "weight": 1, "id": 81001 }, "one-page": { "weight": 1, "id": 81002 } },
              }],
            },
          },
        }
        """;

    private const string Domain = "platform.test";
    private const string Host = "https://shop." + Domain;

    private const string Story = """
        const track = new URLSearchParams(location.search).get('track') !== 'false';
        const client = new KameleoonSDK.KameleoonClient({
          siteCode: 'abcde12345',
          configuration: { networkDomain: 'platform.test', trackingInterval: 100 },
        });
        const story = client.initialize().then(() => {
          const visitorCode = client.getVisitorCode();
          return { visitorCode, variation: client.getVariation({ visitorCode, featureKey: 'checkout', track }).key };
        });
        """;

    private const string Sdk = $"<script src=\"/sdk.js\"></script><script>{Story}</script>";

    private readonly WebApplication _app;
    private readonly IPlaywright _playwright;
    private readonly IBrowser _browser;

    private OfficialSdkShop(WebApplication app, IPlaywright playwright, IBrowser browser)
    {
        _app = app;
        _playwright = playwright;
        _browser = browser;
    }

    internal KameleoonSandbox Sandbox => _app.Services.GetRequiredService<KameleoonSandbox>();

    internal static string At(string path) => Host + path;

    internal static async Task<OfficialSdkShop> StartAsync()
    {
        var app = Build();
        app.UseKameleoonVisitorCode();
        app.Services.GetRequiredService<KameleoonSandbox>().SetProject(Project);
        app.MapKameleoonSandbox(prefix: "");
        app.MapGet("/page", Page);
        app.MapGet("/hybrid", HybridPage);
        app.MapGet("/hybrid-react", ReactPage);
        app.MapGet("/sdk.js", () => Results.File(OfficialCore.PageScript, "text/javascript"));
        app.MapGet("/react.js", () => Results.Text(OfficialCore.ReactPage(), "text/javascript"));
        await app.StartAsync();
        var playwright = await Playwright.CreateAsync();
        var browser = await playwright.Chromium.LaunchAsync(new BrowserTypeLaunchOptions
        {
            ExecutablePath = "/usr/bin/chromium",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking",
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"--host-resolver-rules=MAP *.{Domain} 127.0.0.1:{new Uri(app.Urls.Single()).Port}"),
            ],
        });
        return new OfficialSdkShop(app, playwright, browser);
    }

    /// <summary>A browser nobody has used.</summary>
    internal Task<IBrowserContext> NewVisitorAsync() =>
        _browser.NewContextAsync(new BrowserNewContextOptions { IgnoreHTTPSErrors = true });

    public async ValueTask DisposeAsync()
    {
        await _browser.DisposeAsync();
        _playwright.Dispose();
        await _app.DisposeAsync();
    }

    private static WebApplication Build()
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = Environments.Development });
        builder.Configuration.AddInMemoryCollection(
        [
            KeyValuePair.Create("Kameleoon:SiteCode", (string?)"abcde12345"),
            KeyValuePair.Create("Kameleoon:Sandbox:Storage", (string?)""),
            KeyValuePair.Create("Kameleoon:Sandbox:AllowedHosts", (string?)("*." + Domain)),
            KeyValuePair.Create("Kameleoon:Configuration:Mode", (string?)"Streaming"),
            KeyValuePair.Create("Kameleoon:Bots:Exclude:0", (string?)"HeadlessChrome"), // a headless browser says it is one
        ]);
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(NewCertificate())));
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        return builder.Build();
    }

    /// <summary>The server shows the variation and only looks: the browser reports it.</summary>
    private static IResult Page(IKameleoonClient kameleoon) => Html(kameleoon.GetVariation("checkout", track: false).Key, "", Sdk);

    /// <summary>The server shows the variation and hands the report to the engine: the SDK stands beside both.</summary>
    private static IResult HybridPage(IKameleoonClient kameleoon) => Html(kameleoon.GetVariation("checkout").Key, TagsOf(kameleoon), Sdk);

    private static IResult ReactPage(IKameleoonClient kameleoon) => Html(
        kameleoon.GetVariation("checkout").Key, TagsOf(kameleoon), "<script src=\"/react.js\"></script>");

    private static string TagsOf(IKameleoonClient kameleoon) =>
        $"<script>{kameleoon.GetEngineTrackingCode()}</script><script async src=\"/engine.js\"></script>";

    private static IResult Html(string variation, string tags, string sdk) => Results.Content(
        $"""
        <!DOCTYPE html><html lang="en"><head><title>Checkout</title><link rel="icon" href="data:,"></head>
        <body data-variation="{variation}">{tags}{sdk}</body></html>
        """,
        "text/html; charset=utf-8");

    private static X509Certificate2 NewCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + Domain, key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("*." + Domain);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }
}
