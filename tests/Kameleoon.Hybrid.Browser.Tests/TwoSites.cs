using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>A shop and a bank over https: two sites on one server, of which only the shop has the library.</summary>
internal sealed class TwoSites : IAsyncDisposable
{
    private readonly string _file = Path.GetTempFileName();
    private readonly X509Certificate2 _certificate = CreateCertificate();
    private readonly WebApplication _app;

    private TwoSites(Action<KameleoonOptions> options)
    {
        File.WriteAllText(_file, CheckoutFlag.DataFile);
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.Listen(IPAddress.Loopback, 0);
            kestrel.Listen(IPAddress.Loopback, 0, listen => listen.UseHttps(_certificate));
        });
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Sandbox:DataFile"] = _file;
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome";
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox();
        builder.Services.Configure(options);
        _app = builder.Build();
        _app.UseWhen(context => context.Request.Host.Host != "bank.test", app => app.UseKameleoonVisitorCode());
        _app.MapKameleoonSandbox();
        MapShop();
        _app.MapGet("/pay", (string to) => Html($"<form method=\"post\" action=\"{Shop(to)}\"><button>Pay</button></form>"));
        _app.MapGet("/framing", () => Html($"<iframe src=\"{Shop("/page")}\"></iframe>"));
    }

    /// <summary>The server without https, for the sandbox's events.</summary>
    internal Uri Plain => new(_app.Urls.First(url => url.StartsWith("http:", StringComparison.Ordinal)));

    internal static async Task<TwoSites> StartAsync(Action<KameleoonOptions>? options = null)
    {
        var sites = new TwoSites(options ?? (static _ => { }));
        await sites._app.StartAsync();
        return sites;
    }

    internal string Shop(string path) => $"https://shop.test:{Port}{path}";

    internal string Bank(string path) => $"https://bank.test:{Port}{path}";

    /// <summary>Sends what waits, and returns what the platform received.</summary>
    internal async Task<IReadOnlyList<LiveEvent>> EventsAsync()
    {
        (await _app.Services.GetRequiredService<IKameleoonClientFactory>().FlushAsync()).ShouldBeTrue();
        return (await LiveEvents.ReadAsync(Plain)).Events;
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _certificate.Dispose();
        File.Delete(_file);
    }

    private int Port => new Uri(_app.Urls.First(url => url.StartsWith("https:", StringComparison.Ordinal))).Port;

    private void MapShop()
    {
        _app.MapGet("/page", (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            return Html(client.GetVisitorCode());
        });
        _app.MapPost("/bought", (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            client.TrackConversion(55);
            return Html(client.GetVisitorCode());
        });
        _app.MapPost("/redirect", (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            return Results.Redirect("/page");
        });
    }

    private static IResult Html(string body) => Results.Content(
        $"<!DOCTYPE html><html lang=\"en\"><head><title>t</title><link rel=\"icon\" href=\"data:,\"></head><body>{body}</body></html>",
        "text/html");

    internal static X509Certificate2 CreateCertificate()
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=shop.test", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var signed = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(signed.Export(X509ContentType.Pfx), null);
    }
}
