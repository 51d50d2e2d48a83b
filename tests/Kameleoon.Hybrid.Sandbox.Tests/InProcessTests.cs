using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class InProcessTests
{
    [Theory]
    [InlineData("v3/s?environment=a%20b")]
    [InlineData("engine.js?siteCode=%C3%A9")]
    [InlineData("live/state")]
    [InlineData("live/page.css")]
    [InlineData("nowhere")]
    public async Task Reading_in_process_gives_the_bytes_and_headers_of_http(string address)
    {
        await using var site = await SandboxSite.StartAsync();
        using var inProcess = InProcess(site);

        using var wire = await site.GetAsync(address);
        using var direct = await inProcess.GetAsync(new Uri(address, UriKind.Relative));

        direct.StatusCode.ShouldBe(wire.StatusCode);
        (await direct.Content.ReadAsByteArrayAsync()).ShouldBe(await wire.Content.ReadAsByteArrayAsync());
        HeadersOf(direct).ShouldBe(HeadersOf(wire));
    }

    [Fact]
    public async Task Events_posted_in_process_are_recorded_as_over_http()
    {
        await using var site = await SandboxSite.StartAsync();
        using var inProcess = InProcess(site);
        using var body = new StringContent(Exposure().Of("anna"));
        body.Headers.ContentType = MediaTypeHeaderValue.Parse("*/*");

        using var response = await inProcess.PostAsync(new Uri("visit/events?sdkName=CSHARP", UriKind.Relative), body);
        using var tooLarge = await inProcess.PostAsync(
            new Uri("visit/events?sdkName=CSHARP", UriKind.Relative),
            new ByteArrayContent(new byte[EventsEndpoint.MaxBodyBytes + 1]));

        response.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        tooLarge.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var recorded = (await site.StateAsync()).GetProperty("events")[0];
        recorded.GetProperty("sender").GetString().ShouldBe("server");
        recorded.GetProperty("variation").GetString().ShouldBe("on");
    }

    [Fact]
    public async Task A_conditional_request_is_understood_in_process()
    {
        await using var site = await SandboxSite.StartAsync();
        using var inProcess = InProcess(site);
        using var first = await inProcess.GetAsync(new Uri("v3/s", UriKind.Relative));

        using var second = await inProcess.SendAsync(new HttpRequestMessage(HttpMethod.Get, "v3/s")
        {
            Headers = { IfModifiedSince = first.Content.Headers.LastModified },
        });

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
    }

    [Fact]
    public async Task A_stream_flows_in_process()
    {
        await using var site = await SandboxSite.StartAsync();
        using var inProcess = InProcess(site);

        using var response = await inProcess
            .GetAsync(new Uri("live/stream", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)
            .WaitAsync(HangGuard.Timeout);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());

        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/event-stream");
        (await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout)).ShouldBe("event: state");
        await site.FromEngineAsync("anna", Exposure());
        string? line;
        do
        {
            line = (await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout)).ShouldNotBeNull();
        }
        while (!line.Contains("anna", StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_application_that_streams_from_the_embedded_sandbox_decides_by_an_edit_and_stops_at_once()
    {
        var changed = new TaskCompletionSource<ConfigurationChangedEventArgs>(
            TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await SandboxSite.StartAsync(configure: builder => builder.Services
            .AddKameleoonHybrid(options =>
            {
                options.SiteCode = "abcde12345";
                options.Configuration.Mode = ConfigurationMode.Streaming;
            })
            .UseSandbox());
        var configuration = site.Services.GetRequiredService<IKameleoonConfiguration>();
        configuration.Changed += (_, change) => changed.TrySetResult(change);

        await File.WriteAllTextAsync(site.DataFile, """{"featureFlags":[],"configuration":{}}""");

        (await changed.Task.WaitAsync(HangGuard.Timeout)).Source.ShouldBe(DataFileSource.Streaming);
        configuration.DataFile!.Flags.ShouldBeEmpty();
        await site.StopAsync().WaitAsync(HangGuard.Timeout);
    }

    [Fact]
    public async Task Whoever_disposes_of_the_response_ends_the_request()
    {
        var probe = new TaskCompletionSource();
        var exchange = Exchange();
        using var registration = exchange.RequestAborted.Register(probe.SetResult);
        await exchange.Context.Response.Body.FlushAsync();

        (await exchange.Response).Dispose();

        await probe.Task.WaitAsync(HangGuard.Timeout);
    }

    [Fact]
    public async Task A_cancelled_caller_ends_the_request()
    {
        await using var site = await SandboxSite.StartAsync();
        using var inProcess = InProcess(site);

        await Should.ThrowAsync<OperationCanceledException>(
            () => inProcess.GetAsync(new Uri("v3/s", UriKind.Relative), new CancellationToken(canceled: true)));
        var exchange = Exchange();
        exchange.Cancel(new CancellationToken(canceled: true));

        await Should.ThrowAsync<OperationCanceledException>(() => exchange.Response);
        exchange.RequestAborted.IsCancellationRequested.ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_before_the_headers_is_500_and_afterwards_a_broken_body()
    {
        var early = Exchange();
        await early.FailAsync(new InvalidOperationException());
        var late = Exchange();
        await late.Context.Response.Body.WriteAsync("half"u8.ToArray());
        await late.FailAsync(new InvalidOperationException());

        (await early.Response).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await late.Response).StatusCode.ShouldBe(HttpStatusCode.OK);
        var broken = (await late.Response).Content;
        await Should.ThrowAsync<HttpRequestException>(() => broken.ReadAsStringAsync());
    }

    [Fact]
    public async Task Callbacks_run_before_the_headers_and_after_the_end()
    {
        var order = new List<string>();
        var exchange = Exchange();
        var response = exchange.Context.Response;
        response.OnStarting(() =>
        {
            order.Add("starting");
            response.Headers["X-Late"] = "1";
            return Task.CompletedTask;
        });
        response.OnCompleted(() =>
        {
            order.Add("completed");
            return Task.CompletedTask;
        });

        await exchange.CompleteAsync();

        order.ShouldBe(["starting", "completed"]);
        (await exchange.Response).Headers.GetValues("X-Late").ShouldBe(["1"]);
        response.HasStarted.ShouldBeTrue();
    }

    [Fact]
    public async Task The_routes_in_process_stay_out_of_the_application()
    {
        await using var site = await SandboxSite.StartAsync(prefix: "/_kameleoon");
        using var inProcess = InProcess(site);

        using var direct = await inProcess.GetAsync(new Uri("v3/s", UriKind.Relative));
        using var wire = await site.GetAsync("v3/s");

        direct.StatusCode.ShouldBe(HttpStatusCode.OK);
        wire.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        site.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .ShouldAllBe(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/_kameleoon"));
    }

    private static HttpClient InProcess(SandboxSite site) =>
        new(site.Services.GetRequiredService<InProcessHandler>()) { BaseAddress = site.Http.BaseAddress };

    private static InProcessExchange Exchange() =>
        new(new HttpRequestMessage(HttpMethod.Get, "http://sandbox.localhost/"), Stream.Null);

    // What the web server adds of its own is no part of the comparison.
    private static string[] HeadersOf(HttpResponseMessage response) =>
    [
        .. response.Headers.Concat(response.Content.Headers)
            .Where(header => header.Key is not ("Date" or "Server" or "Transfer-Encoding" or "Content-Length"))
            .Select(header => $"{header.Key}: {string.Join(',', header.Value)}").Order(StringComparer.Ordinal),
    ];
}
