using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.TestKit;

/// <summary>An application on Kestrel with accounts, identity and a database.</summary>
internal sealed class IdentitySite : IAsyncDisposable
{
    internal const string Experiments = """
        {
          "configuration": { "consentType": "NOT_REQUIRED" },
          "customData": [{ "id": 403, "index": 3, "name": "plan" },
            { "id": 407, "index": 7, "name": "person", "isMappingIdentifier": true }],
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on", "variables": [{ "key": "label", "type": "STRING", "value": "Go" }] }],
            "rules": [{ "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7001,
              "variationByExposition": [{ "variationKey": "on", "variationId": 81001, "exposition": 1 }] }]
          }]
        }
        """;

    private IdentitySite(WebApplication app, InMemoryDataFile dataFile)
    {
        App = app;
        Log = app.Services.GetFakeLogCollector();
        DataFile = dataFile;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    internal WebApplication App { get; }

    internal FakeLogCollector Log { get; }

    internal InMemoryDataFile DataFile { get; }

    internal HttpClient Http { get; }

    internal IKameleoonIdentity Identity => App.Services.GetRequiredService<IKameleoonIdentity>();

    internal static async Task<IdentitySite> StartAsync(
        Func<IKameleoonBuilder, IKameleoonBuilder> store,
        Action<KameleoonOptions>? options = null,
        Action<RouteGroupBuilder>? endpoints = null,
        string dataFile = Experiments,
        Action<IServiceCollection>? services = null)
    {
        var file = new InMemoryDataFile(dataFile);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.CollectLibrary();
        builder.WebHost.UseSetting("urls", "http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(kestrel => (kestrel.Limits.MaxRequestHeadersTotalSize,
            kestrel.Limits.MaxRequestBufferSize) = (8 << 20, 16 << 20));
        store(builder.Services.AddKameleoonHybrid(settings =>
        {
            settings.SiteCode = "abcde12345";
            settings.Identity.HashKey = "a secret of the tests, 32 characters long";
            settings.Identity.Timeout = TimeSpan.FromSeconds(20);
            settings.Endpoints.Tracking = new Uri("http://127.0.0.1:1"); // nobody: what is tracked stays here
            settings.TrackingInterval = TimeSpan.FromSeconds(5); // … for tests to take before a batch is tried
            options?.Invoke(settings);
        }).UseDataFile(file));
        builder.Services.AddAuthentication(UserHeader.Name)
            .AddScheme<AuthenticationSchemeOptions, UserHeader>(UserHeader.Name, null);
        builder.Services.AddAuthorization();
        builder.Services.AddCors();
        builder.Services.AddHealthChecks().AddKameleoonHybrid();
        services?.Invoke(builder.Services);
        var app = builder.Build();
        app.UseCors();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseKameleoonVisitorCode();
        var group = app.MapKameleoonIdentity();
        endpoints?.Invoke(group);
        app.MapGet("/code", (IKameleoonClient client) => client.GetVisitorCode());
        app.MapGet("/decide", (IKameleoonClient client) => client.GetVariation("checkout").Reason.ToString());
        app.MapHealthChecks("/health");
        await app.StartAsync();
        return new IdentitySite(app, file);
    }

    /// <summary>A page that a browser goes to, and what it answers.</summary>
    internal async Task<PageAnswer> GoAsync(
        string? user = null, string? code = null, string destination = "document", string? otherCookies = null,
        string path = "/code", string? site = null)
    {
        var cookies = string.Join("; ", new[] { code is null ? null : "kameleoonVisitorCode=" + code, otherCookies }.OfType<string>());
        using var request = Request(HttpMethod.Get, path, user, cookies);
        request.Headers.Add("Sec-Fetch-Dest", destination);
        request.Headers.Add("Sec-Fetch-Site", site ?? "none");
        return await ReadAsync(request);
    }

    private async Task<PageAnswer> ReadAsync(HttpRequestMessage request)
    {
        using var response = await Http.SendAsync(request);
        response.EnsureSuccessStatusCode();
        return new PageAnswer(
            await response.Content.ReadAsStringAsync(),
            response.Headers.TryGetValues("Set-Cookie", out var set)
                ? string.Concat(set.Select(cookie => cookie.Split(';')[0] + ";"))
                : "");
    }

    internal async Task<(int Status, JsonElement Body)> SendAsync(
        HttpMethod method, string path, string? user = null, string? json = null, string? code = null, string? key = null)
    {
        using var request = Request(method, path, user, code is null ? "" : "kameleoonVisitorCode=" + code);
        if (json is not null)
        {
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        }

        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation("Idempotency-Key", key).ShouldBeTrue();
        }

        using var response = await Http.SendAsync(request);
        var body = response.Content.Headers.ContentLength is 0 || response.Content.Headers.ContentType is null
            ? default
            : await response.Content.ReadFromJsonAsync<JsonElement>();
        return ((int)response.StatusCode, body);
    }

    /// <summary>What was tracked since the last time.</summary>
    internal List<TrackingEvent> TakeEvents()
    {
        using var taken = new EventBuffer();
        App.Services.GetRequiredService<TrackingQueue>().Dequeue(taken, long.MinValue);
        taken.Sort();
        return [.. Enumerable.Range(0, taken.Count).Select(place => taken[place])];
    }

    /// <summary>What a page that came out of a cache asks before it loads the engine.</summary>
    internal async Task<PageAnswer> AskAsync(string? user = null, string? code = null, string? otherCookies = null)
    {
        var cookies = string.Join("; ", new[] { code is null ? null : "kameleoonVisitorCode=" + code, otherCookies }.OfType<string>());
        using var request = Request(HttpMethod.Get, "/kameleoon/decisions?key=checkout", user, cookies);
        request.Headers.Add("Sec-Fetch-Dest", "empty");
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        return await ReadAsync(request);
    }

    internal async Task<string> VisitorAsync(string user)
    {
        var (status, body) = await SendAsync(HttpMethod.Get, "/kameleoon/visitor", user);
        status.ShouldBe(StatusCodes.Status200OK);
        return body.GetProperty("visitorCode").GetString()!;
    }

    internal Task<string> HealthAsync() => Http.GetStringAsync(new Uri("/health", UriKind.Relative));

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await App.DisposeAsync();
    }

    private static HttpRequestMessage Request(HttpMethod method, string path, string? user, string cookies)
    {
        var request = new HttpRequestMessage(method, path);
        if (user is not null)
        {
            request.Headers.Add(UserHeader.Name, Uri.EscapeDataString(user));
        }

        if (cookies.Length > 0)
        {
            request.Headers.Add("Cookie", cookies);
        }

        return request;
    }
}

/// <summary>What a page said the visitor code is, and the cookies it set, each ended by a semicolon.</summary>
internal sealed record PageAnswer(string Code, string Cookies);
