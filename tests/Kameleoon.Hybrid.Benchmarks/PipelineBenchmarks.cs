using System.Globalization;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc.Rendering;
using Microsoft.AspNetCore.Razor.TagHelpers;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What a request costs with the library, against the same pipeline without it.</summary>
[MemoryDiagnoser]
public class PipelineBenchmarks
{
    private const string Cookies = "theme=dark; kameleoonVisitorCode=vc10ctbql0zpf4rw; basket=3; "
        + "kameleoonVisitorCodeStamp=";

    private static readonly byte[] DataFileJson = Encoding.UTF8.GetBytes("""
        {
          "configuration": {},
          "featureFlags": [{
            "id": 1, "featureKey": "checkout", "environmentEnabled": true, "defaultVariationKey": "off",
            "variations": [{ "key": "off" }, { "key": "on" }],
            "rules": [{
              "id": 11, "type": "EXPERIMENTATION", "exposition": 1, "experimentId": 7001,
              "variationByExposition": [
                { "variationKey": "off", "variationId": 1, "exposition": 0.5 },
                { "variationKey": "on", "variationId": 2, "exposition": 0.5 }]
            }]
          }]
        }
        """);

    // A view has one for all its tags, whether one of them is ours or not.
    private readonly ViewContext _view = new();

    private ServiceProvider _services = null!;
    private RequestServices _requestServices = null!;
    private string _cookies = "";
    private RequestDelegate _bare = null!;
    private RequestDelegate _rewriting = null!;
    private RequestDelegate _visitor = null!;
    private RequestDelegate _decision = null!;
    private RequestDelegate _code = null!;
    private RequestDelegate _page = null!;
    private RequestDelegate _all = null!;

    /// <summary>The data file that the requests decide from.</summary>
    internal byte[] DataFile { get; init; } = DataFileJson;

    [GlobalSetup]
    public void Setup() => Setup(static _ => { });

    /// <summary>Sets the pipelines up with optional parts of the library.</summary>
    internal void Setup(Action<IKameleoonBuilder> kameleoon)
    {
        var services = new ServiceCollection();
        kameleoon(services.AddLogging().AddKameleoonHybrid(options => options.SiteCode = "abcde12345"));
        _services = services.BuildServiceProvider();
        _services.GetRequiredService<ConfigurationStore>().Confirm(
            ConfigurationSnapshot.Of(new(DataFileSource.Memory, DataFile), static _ => { }), TimeProvider.System.GetUtcNow());
        _requestServices = new RequestServices(_services);
        var today = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 86400;
        _cookies = string.Create(CultureInfo.InvariantCulture, $"{Cookies}{today}.vc10ctbql0zpf4rw");

        _bare = new ApplicationBuilder(_services).Use(Terminal(static _ => { })).Build();
        _rewriting = new ApplicationBuilder(_services).Use(Rewriting).Use(Terminal(static _ => { })).Build();
        _visitor = With(static _ => { });
        _decision = With(static context => RequestVisitor.Of(context).Client.GetVariation("checkout"));
        _code = With(static context =>
        {
            var client = RequestVisitor.Of(context).Client;
            client.GetVariation("checkout");
            client.GetEngineTrackingCode();
        });
        _page = With(context =>
        {
            RequestVisitor.Of(context).Client.GetVariation("checkout");
            Render(context);
        });
        _all = With(static context =>
        {
            var client = RequestVisitor.Of(context).Client;
            client.GetVariations();
            client.GetEngineTrackingCode();
        });
    }

    [GlobalCleanup]
    public void Cleanup() => _services.Dispose();

    [Benchmark(Baseline = true, Description = "the pipeline without us")]
    public Task<int> Bare() => RunAsync(_bare, _cookies);

    [Benchmark(Description = "the cookie read and written again, by the framework")]
    public Task<int> Rewritten() => RunAsync(_rewriting, _cookies);

    [Benchmark(Description = "known visitor")]
    public Task<int> Known() => RunAsync(_visitor, _cookies);

    [Benchmark(Description = "known visitor, one decision")]
    public Task<int> Decision() => RunAsync(_decision, _cookies);

    [Benchmark(Description = "known visitor, one decision, tracking code as text")]
    public Task<int> Code() => RunAsync(_code, _cookies);

    [Benchmark(Description = "known visitor, one decision, tracking tag")]
    public Task<int> Page() => RunAsync(_page, _cookies);

    [Benchmark(Description = "known visitor, all flags, tracking code as text")]
    public Task<int> All() => RunAsync(_all, _cookies);

    [Benchmark(Description = "new visitor, all flags, tracking code as text")]
    public Task<int> AllOfNewVisitor() => RunAsync(_all, "theme=dark");

    [Benchmark(Description = "new visitor, cookie written")]
    public Task<int> New() => RunAsync(_visitor, "theme=dark");

    private RequestDelegate With(Action<HttpContext> endpoint) =>
        new ApplicationBuilder(_services).UseKameleoonVisitorCode().Use(Terminal(endpoint)).Build();

    private static Func<RequestDelegate, RequestDelegate> Terminal(Action<HttpContext> endpoint) => _ => context =>
    {
        endpoint(context);
        return Task.CompletedTask;
    };

    // What an application would write by hand: another yardstick, because the bare pipeline does nothing.
    private static RequestDelegate Rewriting(RequestDelegate next) => context =>
    {
        var code = context.Request.Cookies[VisitorCookie.Name] ?? Guid.NewGuid().ToString("N");
        context.Response.Cookies.Append(VisitorCookie.Name, code, new CookieOptions
        {
            MaxAge = TimeSpan.FromDays(380),
            Path = "/",
            SameSite = SameSiteMode.Lax,
        });
        return next(context);
    };

    private void Render(HttpContext context)
    {
        _view.HttpContext = context;
        var tag = new TrackingTagHelper { ViewContext = _view };
        var output = new TagHelperOutput("kameleoon-tracking", [], static (_, _) => throw new NotSupportedException("Never asked."))
        {
            TagMode = TagMode.SelfClosing,
        };
        tag.ProcessAsync(new TagHelperContext([], new Dictionary<object, object>(), "benchmark"), output).Wait();
        output.WriteTo(TextWriter.Null, System.Text.Encodings.Web.HtmlEncoder.Default);
    }

    private async Task<int> RunAsync(RequestDelegate pipeline, string cookies)
    {
        var response = new StartableResponse();
        var context = new DefaultHttpContext();
        context.Features.Set<IHttpResponseFeature>(response);
        context.Features.Set<IServiceProvidersFeature>(_requestServices);
        context.Request.Method = "GET";
        context.Request.Path = "/products/7";
        context.Request.Headers.Cookie = cookies;
        context.Request.Headers.UserAgent = "Mozilla/5.0 (X11; Linux x86_64) Firefox/140.0";
        await pipeline(context);
        await response.FinishAsync();
        return context.Response.StatusCode;
    }

    /// <summary>What a server makes a scope for; here all requests share the application's.</summary>
    private sealed class RequestServices(IServiceProvider services) : IServiceProvidersFeature
    {
        IServiceProvider IServiceProvidersFeature.RequestServices { get; set; } = services;
    }

    /// <summary>A response that calls its callbacks as a server does; the default one forgets them.</summary>
    private sealed class StartableResponse : HttpResponseFeature
    {
        private readonly Stack<(Func<object, Task> Callback, object State)> _starting = new();
        private readonly Stack<(Func<object, Task> Callback, object State)> _completed = new();

        public override void OnStarting(Func<object, Task> callback, object state) => _starting.Push((callback, state));

        public override void OnCompleted(Func<object, Task> callback, object state) => _completed.Push((callback, state));

        internal async Task FinishAsync()
        {
            while (_starting.TryPop(out var next))
            {
                await next.Callback(next.State);
            }

            while (_completed.TryPop(out var next))
            {
                await next.Callback(next.State);
            }
        }
    }
}
