using System.Collections.Concurrent;
using System.Reflection;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Kameleoon.Hybrid.Blazor.Tests;

/// <summary>A Blazor Web App in the shape of the template, on Kestrel with the sandbox.</summary>
internal sealed class BlazorSite : IAsyncDisposable, ILoggerProvider
{
    private readonly string _file = Path.GetTempFileName();
    private readonly InMemoryDataFile _dataFile;
    private WebApplication _app = null!;

    private BlazorSite(string dataFile) => _dataFile = new InMemoryDataFile(dataFile);

    internal Uri Address => new(_app.Urls.First());

    internal HttpClient Http { get; private set; } = null!;

    internal Gate Gate { get; } = new();

    internal IServiceProvider Services => _app.Services;

    /// <summary>The logged warnings and errors with their ids.</summary>
    internal ConcurrentQueue<(int Id, string Text)> Log { get; } = new();

    internal static async Task<BlazorSite> StartAsync(
        string? dataFile = null,
        Action<WebApplication>? map = null,
        Action<KameleoonOptions>? options = null,
        Action<WebApplication>? before = null,
        Action<WebApplication>? behind = null)
    {
        dataFile ??= DataFile();
        var site = new BlazorSite(dataFile);
        await File.WriteAllTextAsync(site._file, dataFile);
        await site.StartAsync(map, options ?? (static _ => { }), before, behind);
        return site;
    }

    /// <summary>checkout: every visitor in 7001/81001; style: every visitor in 7002/81002.</summary>
    internal static string DataFile(bool hasCheckout = true, string consentType = "NOT_REQUIRED") => $$"""
        {
          "configuration": { "consentType": "{{consentType}}" },
          "featureFlags": [{{Flag("checkout", 1, hasCheckout)}}, {{Flag("style", 2)}}]
        }
        """;

    /// <summary>Puts another data file in force.</summary>
    internal async Task ReplaceAsync(string dataFile)
    {
        var configuration = Services.GetRequiredService<IKameleoonConfiguration>();
        var changed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        configuration.Changed += (_, _) => changed.TrySetResult();
        _dataFile.Replace(dataFile);
        await changed.Task.WaitAsync(HangGuard.Timeout);
    }

    /// <summary>Requests a page as a browser does, and returns its HTML.</summary>
    internal async Task<string> ReadAsync(string path, string? visitor = "someone")
    {
        using var response = await SendAsync(HttpMethod.Get, path, visitor);
        var html = await response.Content.ReadAsStringAsync();
        response.IsSuccessStatusCode.ShouldBeTrue(html);
        return html;
    }

    internal Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? visitor, HttpContent? content = null, string cookies = "")
    {
        var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.TryAddWithoutValidation(
            "Cookie", (visitor is null ? "" : $"kameleoonVisitorCode={visitor}; ") + cookies);
        request.Headers.Add("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0");
        return Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    /// <summary>Returns the exposures that the server reported for a visitor, as experiment and variation.</summary>
    /// <remarks>Reports a conversion after them, so that all earlier events have arrived when it does.</remarks>
    internal async Task<string[]> ReadServerExposuresAsync(string visitor)
    {
        Services.GetRequiredService<IKameleoonClientFactory>().ForVisitor(visitor).TrackConversion(99);
        var events = await LiveEventsOf(visitor, "99");
        return [.. Exposures(events, "server")];
    }

    internal Task<IReadOnlyList<LiveEvent>> LiveEventsOf(string visitor, string goal) => LiveEvents.WaitAsync(
        Address, visitor, sent => sent.Type == "conversion" && sent.Fields.GetValueOrDefault("goalId") == goal);

    internal static IEnumerable<string> Exposures(IEnumerable<LiveEvent> events, string sender) => events
        .Where(sent => sent.Type == "experiment" && sent.Sender == sender)
        .Select(sent => $"{sent.Fields["id"]}/{sent.Fields["variationId"]}");

    public async ValueTask DisposeAsync()
    {
        Gate.Open();
        Http.Dispose();
        await _app.DisposeAsync();
        File.Delete(_file);
    }

    ILogger ILoggerProvider.CreateLogger(string categoryName) => new Logger(Log);

    void IDisposable.Dispose()
    {
    }

    private static string ClientFiles => typeof(BlazorSite).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(static data => data.Key == "ClientFiles").Value!;

    private static string Flag(string key, int id, bool isOn = true) => $$"""
        {
          "id": {{id}}, "featureKey": "{{key}}", "environmentEnabled": {{(isOn ? "true" : "false")}},
          "defaultVariationKey": "off", "variations": [{ "key": "off" }, { "key": "on" }],
          "rules": [{ "id": {{id + 10}}, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": {{id + 7000}},
            "variationByExposition": [{ "variationKey": "on", "variationId": {{id + 81000}}, "exposition": 1 }] }]
        }
        """;

    private async Task StartAsync(
        Action<WebApplication>? map, Action<KameleoonOptions> options, Action<WebApplication>? before, Action<WebApplication>? behind)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            EnvironmentName = "Production",
            WebRootPath = ClientFiles,
        });
        builder.Logging.ClearProviders().AddProvider(this);
        builder.Configuration["Kameleoon:SiteCode"] = "abcde12345";
        builder.Configuration["Kameleoon:Sandbox:Enabled"] = "true";
        builder.Configuration["Kameleoon:Sandbox:DataFile"] = _file;
        builder.Configuration["Kameleoon:Sandbox:Storage"] = "";
        builder.Configuration["Kameleoon:Tracking:CarryFor"] = "00:10:00"; // a busy machine is no visitor who stays away
        builder.Configuration["Kameleoon:Bots:Exclude:0"] = "HeadlessChrome"; // the user agent of the tests' browser
        builder.Services.AddKameleoonHybrid(builder.Configuration).UseSandbox().UseDataFile(_dataFile);
        builder.Services.Configure(options);
        builder.Services.AddSingleton(Gate);
        builder.Services.AddRazorComponents().AddInteractiveServerComponents().AddInteractiveWebAssemblyComponents();
        _app = builder.Build();
        _app.Urls.Add("http://127.0.0.1:0");
        before?.Invoke(_app);
        _app.UseKameleoonVisitorCode();
        behind?.Invoke(_app);
        _app.UseAntiforgery();
        _app.MapKameleoonSandbox();
        _app.MapGet("/_framework/blazor.web.js", () => Results.File(
            Path.Combine(AppContext.BaseDirectory, "blazor.web.js"), "text/javascript"));
        _app.MapGet("/decisions/{flag}", (string flag, IKameleoonClient client) => client.GetVariation(flag).Key);
        _app.MapRazorComponents<App.App>()
            .AddInteractiveServerRenderMode()
            .AddInteractiveWebAssemblyRenderMode()
            .AddAdditionalAssemblies(typeof(Client.Basket).Assembly);
        map?.Invoke(_app);
        await _app.StartAsync();
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = Address };
    }

    private sealed class Logger(ConcurrentQueue<(int Id, string Text)> log) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                log.Enqueue((eventId.Id, formatter(state, exception)));
            }
        }
    }
}
