using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>A server on Kestrel that tells what it knows of visitors' forced variations.</summary>
internal sealed class RedisSite : IAsyncDisposable
{
    private readonly HttpClient _http;

    private RedisSite(WebApplication app)
    {
        App = app;
        Log = app.Services.GetFakeLogCollector();
        _http = new HttpClient { BaseAddress = new Uri(app.Urls.First()) };
    }

    internal WebApplication App { get; }

    internal FakeLogCollector Log { get; }

    internal static async Task<RedisSite> StartAsync(
        Func<IKameleoonBuilder, IKameleoonBuilder> store, Action<IServiceCollection>? services = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.CollectLibrary();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        store(builder.Services.AddKameleoonHybrid(static settings =>
        {
            settings.SiteCode = "abcde12345";
            settings.Identity.HashKey = "a secret of the tests, 32 characters long";
            settings.Endpoints.Tracking = new Uri("http://127.0.0.1:1");
        }).UseDataFile(new InMemoryDataFile(IdentitySite.Experiments)));
        builder.Services.AddHealthChecks().AddKameleoonHybrid();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseKameleoonVisitorCode();
        app.MapGet("/flag", static (IKameleoonClient kameleoon) =>
            kameleoon.GetVariation("checkout") is { Reason: DecisionReason.Forced, Key: var key } ? key : "none");
        app.MapPost("/force", static (IKameleoonClient kameleoon, string? key) => kameleoon.SetForcedVariation(7001, key).ToString());
        app.MapHealthChecks("/health");
        await app.StartAsync();
        return new RedisSite(app);
    }

    /// <summary>Forces a variation for a visitor, or none.</summary>
    internal Task ForceAsync(string visitor, string? key) =>
        AskAsync(HttpMethod.Post, "/force" + (key is null ? "" : "?key=" + key), visitor);

    /// <summary>The forced variation of a visitor, or <c>none</c>.</summary>
    internal Task<string> ForcedAsync(string visitor) => AskAsync(HttpMethod.Get, "/flag", visitor);

    internal async Task<string> HealthAsync()
    {
        using var response = await _http.GetAsync(new Uri("/health", UriKind.Relative));
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Waits until all changes are in Redis.</summary>
    internal Task WrittenAsync() => Eventually.IsTrueAsync(
        () => App.Services.GetRequiredService<SharedSessionWrites>().Count == 0);

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await App.DisposeAsync();
    }

    private async Task<string> AskAsync(HttpMethod method, string path, string visitor)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add("Cookie", "kameleoonVisitorCode=" + visitor);
        using var response = await _http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }
}
