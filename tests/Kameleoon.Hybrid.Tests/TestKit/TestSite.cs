using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A real web application on Kestrel with the library in it, talking to a stub platform, or online to whatever
/// the settings name.</summary>
internal sealed class TestSite : IAsyncDisposable
{
    private readonly OpenRequests _requests;
    private readonly ManualClock? _clock;

    private TestSite(
        WebApplication app, StubPlatform platform, CollectedMetrics metrics, OpenRequests requests)
    {
        _requests = requests;
        _clock = app.Services.GetRequiredService<TimeProvider>() as ManualClock;
        App = app;
        Log = app.Services.GetFakeLogCollector();
        Platform = platform;
        Metrics = metrics;
        Http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = new Uri(app.Urls.First()),
        };
    }

    internal WebApplication App { get; }

    internal StubPlatform Platform { get; }

    internal FakeLogCollector Log { get; }

    internal CollectedMetrics Metrics { get; }

    internal IKameleoonConfiguration Configuration => App.Services.GetRequiredService<IKameleoonConfiguration>();

    /// <summary>A client without cookie jar and redirects: tests say every header themselves.</summary>
    internal HttpClient Http { get; }

    internal static async Task<TestSite> StartAsync(
        Action<KameleoonOptions>? options = null,
        Action<WebApplication>? map = null,
        StubPlatform? platform = null,
        TimeProvider? clock = null,
        Action<IServiceCollection>? services = null,
        Action<WebApplication>? before = null,
        string environment = "Production",
        bool isOnline = false,
        Action<IKameleoonBuilder>? kameleoon = null)
    {
        platform ??= new StubPlatform();
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.Logging.CollectLibrary().SetMinimumLevel(LogLevel.Debug);
        var added = builder.Services
            .AddKameleoonHybrid(settings =>
            {
                settings.SiteCode = "abcde12345";
                settings.Configuration.LastGoodCopy = false; // Tests that want one say where.
                options?.Invoke(settings);
            })
            .ConfigureHttpClients(http => _ = isOnline
                ? http.ConfigurePrimaryHttpMessageHandler((handler, _) => FaultProxy.Trust(handler))
                : http.ConfigurePrimaryHttpMessageHandler(() => new Unowned(platform)));
        kameleoon?.Invoke(added);
        if (clock is not null)
        {
            builder.Services.AddSingleton(clock);
        }

        services?.Invoke(builder.Services);
        var app = builder.Build();
        var metrics = new CollectedMetrics(app.Services);
        app.Urls.Add("http://127.0.0.1:0");
        var requests = new OpenRequests();
        app.Use(requests.InvokeAsync);
        before?.Invoke(app);
        app.UseKameleoonVisitorCode();
        (map ?? Pages.Map)(app);
        await app.StartAsync();
        return new TestSite(app, platform, metrics, requests);
    }

    internal Task<HttpResponseMessage> GetAsync(string path, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Get, path, headers);

    internal Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, path);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value).ShouldBeTrue();
        }

        return Http.SendAsync(request);
    }

    /// <summary>Waits until the server has done everything it does after the last byte of each response.</summary>
    internal Task CompletedAsync() => Eventually.IsTrueAsync(() => _requests is { HasCompleted: true, Count: 0 });

    /// <summary>Lets time pass once all responses are complete, and no work is under way whose deadline would pass.</summary>
    internal async Task MoveAsync(TimeSpan span)
    {
        await Eventually.IsTrueAsync(() => _requests.Count == 0);
        await _clock.ShouldNotBeNull().MoveAsync(span);
    }

    /// <summary>What a visitor of that code gets to read.</summary>
    internal Task<string> ReadAsAsync(string visitor, string path) =>
        ReadAsync(path, ("Cookie", "kameleoonVisitorCode=" + visitor));

    internal async Task<string> ReadAsync(string path, params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(path, headers);
        response.EnsureSuccessStatusCode();
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>Lets time pass until the data file was refreshed once more, well or not.</summary>
    /// <param name="step">How far it moves while the next refresh or another attempt waits for it.</param>
    internal async Task RefreshAsync(TimeSpan step)
    {
        var (clock, before) = (_clock.ShouldNotBeNull(), CountRefreshes());
        await Eventually.IsTrueAsync(clock.IsAwaitedBy<RefreshSignal>);
        do
        {
            await MoveAsync(step);
            await Task.Delay(1);
            await Eventually.IsTrueAsync(
                () => CountRefreshes() > before || clock.IsAwaitedBy<RefreshSignal>() || clock.IsAwaitedBy<Task>());
        }
        while (CountRefreshes() <= before);
    }

    /// <summary>Stops the application, which flushes its events, and returns them all.</summary>
    internal async Task<List<Dictionary<string, string>>> StopAndReadEventsAsync()
    {
        await App.StopAsync();
        return Platform.Events;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Metrics.Dispose();
        await App.DisposeAsync();
    }

    /// <summary>Lets a project of the site talk to a stub of its own.</summary>
    internal static void Connect(IKameleoonBuilder builder, StubPlatform platform) => builder.ConfigureHttpClients(
        http => http.ConfigurePrimaryHttpMessageHandler(() => new Unowned(platform)));

    private double CountRefreshes() => Metrics.Sum("kameleoon.configuration.refreshes");

    /// <summary>Counts the requests for which the server still has something to do.</summary>
    private sealed class OpenRequests
    {
        private int _count;

        internal int Count => Volatile.Read(ref _count);

        internal bool HasCompleted { get; private set; }

        internal Task InvokeAsync(HttpContext context, RequestDelegate next)
        {
            Interlocked.Increment(ref _count);

            // Registered first, called last.
            context.Response.OnCompleted(() =>
            {
                HasCompleted = true;
                Interlocked.Decrement(ref _count);
                return Task.CompletedTask;
            });
            return next(context);
        }
    }

    // IHttpClientFactory disposes the handlers it rotates; the platform outlives them.
    private sealed class Unowned(HttpMessageHandler platform) : HttpMessageHandler
    {
        private readonly HttpMessageInvoker _platform = new(platform, disposeHandler: false);

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken) => _platform.SendAsync(request, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            _platform.Dispose();
            base.Dispose(disposing);
        }
    }
}
