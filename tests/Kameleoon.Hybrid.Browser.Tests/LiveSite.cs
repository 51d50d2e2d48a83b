using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The sandbox with a project of its own, and somebody who looks at its live page.</summary>
internal sealed class LiveSite : IAsyncDisposable
{
    private const string Project = """
        {
          "goals": { "order": { "id": 5, "name": "Order" }, "basket": { "id": 6, "name": "Basket" } },
          "flags": {
            "checkout": {
              "default": "classic",
              "variations": { "classic": {}, "express": {} },
              "rules": [
                { "id": 11, "experiment": 77, "goals": ["order"],
                  "split": { "classic": { "weight": 1, "id": 700 }, "express": { "weight": 1, "id": 701 } } },
                { "id": 12, "experiment": 78,
                  "split": { "classic": { "weight": 1, "id": 710 }, "express": { "weight": 1, "id": 711 } } }
              ]
            },
            "banner": {
              "default": "off",
              "variations": { "off": {}, "on": {} },
              "rules": [{ "id": 21, "experiment": 79, "traffic": 50, "deliver": "on", "variationId": 720 }]
            },
            "footer": {
              "enabled": false,
              "default": "off",
              "variations": { "off": {}, "on": {} },
              "rules": [{ "id": 31, "experiment": 80, "deliver": "on", "variationId": 730 }]
            }
          }
        }
        """;

    /// <summary>The path of an empty page beside the sandbox.</summary>
    internal const string EmptyPage = "/kittens";

    private static readonly string[] SettingPaths = ["map/map?key=victim", "control/faults", "v3/s"];

    private readonly string _file = Path.GetTempFileName();
    private readonly HttpClient _http = new();
    private WebApplication _app = null!;
    private int _nonce;

    internal Uri Address => new(_app.Urls.First());

    internal static async Task<LiveSite> StartAsync(string allowedHosts = "")
    {
        var site = new LiveSite();
        await File.WriteAllTextAsync(site._file, Project);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = "Development" });
        builder.Logging.ClearProviders();
        builder.Configuration["Kameleoon:Sandbox:DataFile"] = site._file;
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Sandbox:AllowedHosts"] = allowedHosts;
        builder.Services.AddKameleoonSandbox();
        site._app = builder.Build();
        site._app.Urls.Add("http://127.0.0.1:0");
        site._app.MapKameleoonSandbox();
        site._app.MapGet(EmptyPage, static () => Results.Content("<!doctype html><title>Free kittens</title><body></body>", "text/html"));
        await site._app.StartAsync();
        site._http.BaseAddress = site.Address;
        return site;
    }

    internal async Task ExposeAsync(string visitor, int variation = 701, int experiment = 77) =>
        await SendAsync(visitor, $"eventType=experiment&nonce={Nonce()}&id={experiment}&variationId={variation}");

    internal async Task ConvertAsync(string visitor, int goal) =>
        await SendAsync(visitor, $"eventType=conversion&nonce={Nonce()}&goalId={goal}&negative=false&revenue=0");

    internal Task<string> StateAsync() => _http.GetStringAsync(new Uri("/_kameleoon/live/state?events=0", UriKind.Relative));

    /// <summary>Returns what the sandbox knows of the visitor maps, the clock and the faults.</summary>
    internal async Task<string> SettingsAsync()
    {
        var answers = await Task.WhenAll(
            SettingPaths.Select(path => _http.GetStringAsync(new Uri("/_kameleoon/" + path, UriKind.Relative))));
        return string.Join('\n', answers);
    }

    internal async Task OpenAsync(IPage page, string view)
    {
        await page.GotoAsync(new Uri(Address, "/_kameleoon/#" + view).ToString());
        await page.Locator("#connection[data-state=live]").WaitForAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _app.DisposeAsync();
        _http.Dispose();
        File.Delete(_file);
    }

    private async Task SendAsync(string visitor, string line)
    {
        using var body = new StringContent(line);
        using var response = await _http.PostAsync(
            new Uri($"/_kameleoon/visit/events?engine=true&siteCode=s&visitorCode={visitor}", UriKind.Relative), body);
        response.EnsureSuccessStatusCode();
    }

    private string Nonce() => Interlocked.Increment(ref _nonce).ToString("X16", CultureInfo.InvariantCulture);
}
