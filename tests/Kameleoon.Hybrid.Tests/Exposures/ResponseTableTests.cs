using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The table of responses that end: each exposure has one owner or is discarded for one reason, over HTTP/1.1 and
/// HTTP/2, whichever of our middleware and the error middleware comes first.</summary>
/// <remarks>See <see cref="LongResponseTests"/> and <see cref="SignalRTests"/> for responses that last.</remarks>
public sealed class ResponseTableTests
{
    private const string Simulated =
        "kameleoonVisitorCode=anna; kameleoonSimulationFFData=%7B%22checkout%22%3A%7B%22expId%22%3A7001%2C%22varId%22%3A81001%7D%7D";

    private static readonly Row[] Rows =
    [
        // 2xx
        new("/page", "engine"),
        new("/page", "engine", Method: "POST"),
        new("/untagged", "server: page"),
        new("/fragment", "server: page", Header: ("Sec-Fetch-Dest", "empty")),
        new("/json", "server: complete"),
        new("/json", "server: complete", Method: "POST"),
        new("/file", "server: complete"),
        new("/file", "server: complete", Header: ("Range", "bytes=0-1")),
        new("/status/204", "server: page"),
        new("/status/205", "server: page"),

        // 3xx
        new("/status/301", "server: redirect"),
        new("/status/302", "server: redirect", Method: "POST"),
        new("/status/302", "engine", NextPage: "/tag"),
        new("/status/303", "engine", Method: "POST", NextPage: "/tag"),
        new("/status/307", "engine", Method: "POST", NextPage: "/tag"),
        new("/status/308", "engine", Method: "POST", NextPage: "/tag"),
        new("/status/302", "server: complete", NextPage: "/plain"),
        new("/tag-and-redirect", "engine", NextPage: "/tag"),
        new("/tag-and-redirect", "server: redirect"),

        // 4xx, 5xx, exceptions, aborted
        new("/status/404", "server: error"),
        new("/status/404", "server: error", Method: "POST"),
        new("/status/503", "server: error"),
        new("/throws", "server: error"),
        new("/tag-and-throw", "server: error"),
        new("/start-and-throw", "server: error", IsCut: true),
        new("/abort", "server: aborted", IsCut: true),
        new("/tag-and-abort", "server: aborted", IsCut: true),

        // No person
        new("/json", "dropped: head", Method: "HEAD"),
        new("/status/302", "dropped: head", Method: "HEAD"),
        new("/json", "dropped: bot", Header: ("User-Agent", Agents.Googlebot)),
        new("/status/302", "dropped: bot", Header: ("User-Agent", Agents.Googlebot)),
        new("/throws", "dropped: bot", Header: ("User-Agent", Agents.Googlebot)),
        new("/json", "dropped: unseen", Header: ("Sec-Purpose", "prefetch")),
        new("/status/302", "dropped: unseen", Header: ("Sec-Purpose", "prefetch")),
        new("/status/302", "dropped: unseen", Header: ("Sec-Purpose", "prefetch"), NextPage: "/tag"),
        new("/page", "engine", Header: ("Sec-Purpose", "prefetch;prerender")),
        new("/status/302", "engine", Header: ("Sec-Purpose", "prefetch"), NextPage: "/tag", IsNextAhead: true),
        new("/tag-and-redirect", "engine", Header: ("X-Sec-Purpose", "prefetch"), NextPage: "/tag", IsNextAhead: true),
        new("/json", "dropped: simulation", Header: ("Cookie", Simulated)),
        new("/status/302", "dropped: simulation", Header: ("Cookie", Simulated)),
        new("/refuse", "dropped: consent"),
        new("/refuse-and-redirect", "dropped: consent", NextPage: "/tag"),
    ];

    public static TheoryData<string, string, bool> Table()
    {
        var data = new TheoryData<string, string, bool>();
        foreach (var row in Rows)
        {
            data.Add(row.ToString(), "1.1", true);
            data.Add(row.ToString(), "2.0", true);
            if (row.HasErrorPage)
            {
                data.Add(row.ToString(), "1.1", false);
                data.Add(row.ToString(), "2.0", false);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Table))]
    public async Task Each_response_s_exposure_is_reported_once_or_discarded(string row, string version, bool errorsFirst)
    {
        var (path, expected, method, header, nextPage, isCut, isNextAhead) = Rows.Single(candidate => candidate.ToString() == row);
        await using var site = await StartAsync(version, errorsFirst, expected == "dropped: consent");

        var html = await SendAsync(site, version, new HttpMethod(method), path, header, isCut);
        if (nextPage is not null)
        {
            html += await SendAsync(site, version, HttpMethod.Get, nextPage, isNextAhead ? header : null);
        }

        var reported = (await site.StopAndReadEventsAsync()).Where(sent => sent["eventType"] == "experiment").ToList();
        string[] owners =
        [
            .. site.Metrics.Values("kameleoon.exposures.reported", "outcome").Select(outcome => "server: " + outcome),
            .. site.Metrics.Values("kameleoon.events.dropped", "reason").Select(reason => "dropped: " + reason),
            .. Enumerable.Repeat("engine", html.Split("assignVariation',7001,81001,true").Length - 1),
        ];
        owners.ShouldBe([expected]);
        reported.Count.ShouldBe(expected.StartsWith("server", StringComparison.Ordinal) ? 1 : 0);
        reported.ShouldAllBe(sent => sent["variationId"] == "81001" && sent["visitorCode"] == "anna");
        site.Log.Texts(202).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("1.1")]
    [InlineData("2.0")]
    public async Task A_client_that_leaves_before_the_response_comes_is_reported_as_aborted(string version)
    {
        var decided = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await StartAsync(version, map: app => app.Map("/slow", async (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            decided.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        }));
        using var leaving = new CancellationTokenSource();

        var request = SendAsync(site, version, HttpMethod.Get, "/slow", leaving: leaving.Token);
        await decided.Task.WaitAsync(HangGuard.Timeout);
        await leaving.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => request);
        await site.CompletedAsync();

        site.Metrics.Values("kameleoon.exposures.reported", "outcome").ShouldBe(["aborted"]);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    /// <returns>What the client read, which may be the beginning of a response that breaks off.</returns>
    private static async Task<string> SendAsync(
        TestSite site,
        string version,
        HttpMethod method,
        string path,
        (string Name, string Value)? header = null,
        bool isCut = false,
        CancellationToken leaving = default)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false })
        {
            BaseAddress = site.Http.BaseAddress,
        };
        using var request = new HttpRequestMessage(method, path)
        {
            Version = Version.Parse(version),
            VersionPolicy = HttpVersionPolicy.RequestVersionExact,
            Headers = { { "Cookie", "kameleoonVisitorCode=anna" } },
        };
        if (header is { } added)
        {
            request.Headers.Remove(added.Name);
            request.Headers.TryAddWithoutValidation(added.Name, added.Value).ShouldBeTrue();
        }

        using var read = new MemoryStream();
        try
        {
            using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, leaving);
            response.Version.ShouldBe(request.Version);
            await response.Content.CopyToAsync(read, leaving);
            isCut.ShouldBeFalse();
        }
        catch (HttpRequestException) when (isCut)
        {
            // As expected.
        }

        return Encoding.UTF8.GetString(read.ToArray());
    }

    private static Task<TestSite> StartAsync(
        string version, bool errorsFirst = true, bool requiresConsent = false, Action<WebApplication>? map = null) => TestSite.StartAsync(
        options => options.Simulation = SimulationPolicy.On,
        platform: requiresConsent ? DataFiles.Serving(DataFiles.Site("REQUIRED")) : null,
        services: services => services.Configure<KestrelServerOptions>(kestrel => kestrel.ConfigureEndpointDefaults(
            endpoint => endpoint.Protocols = version == "1.1" ? HttpProtocols.Http1 : HttpProtocols.Http2)),
        before: app =>
        {
            if (errorsFirst)
            {
                UseErrorPages(app);
            }
        },
        map: app =>
        {
            if (!errorsFirst)
            {
                UseErrorPages(app);
                app.UseRouting();
            }

            Map(app);
            map?.Invoke(app);
        });

    // The error page has an exposure of its own and a tag.
    private static void UseErrorPages(WebApplication app)
    {
        app.UseExceptionHandler("/error");
        app.UseStatusCodePagesWithReExecute("/error");
    }

    private static void Map(WebApplication app)
    {
        MapDecided(app, "/page", context => Html(context, Pages.Tracking(context)));
        MapDecided(app, "/untagged", context => Html(context, "<html><p>no tag</p></html>"));
        MapDecided(app, "/fragment", context => Html(context, "<p>no tag</p>"));
        MapDecided(app, "/json", context => Results.Json("one").ExecuteAsync(context));
        MapDecided(app, "/file", context =>
            Results.File("file"u8.ToArray(), "text/css", enableRangeProcessing: true).ExecuteAsync(context));
        MapDecided(app, "/status/{status:int}", context => RespondAsync(context, int.Parse((string)context.Request.RouteValues["status"]!, CultureInfo.InvariantCulture)));
        MapDecided(app, "/tag-and-redirect", context =>
        {
            Pages.Tracking(context).ShouldContain("7001");
            return RespondAsync(context, StatusCodes.Status302Found);
        });
        MapDecided(app, "/throws", _ => throw new InvalidOperationException("On purpose."));
        MapDecided(app, "/tag-and-throw", context =>
        {
            Pages.Tracking(context).ShouldContain("7001");
            throw new InvalidOperationException("On purpose.");
        });
        MapDecided(app, "/start-and-throw", async context =>
        {
            await Html(context, "<p>half");
            throw new InvalidOperationException("On purpose.");
        });
        MapDecided(app, "/abort", async context =>
        {
            await Html(context, "<p>half");
            context.Abort();
        });
        MapDecided(app, "/tag-and-abort", context =>
        {
            Pages.Tracking(context).ShouldContain("7001");
            context.Abort();
            return Task.CompletedTask;
        });
        MapDecided(app, "/refuse", context =>
        {
            RequestVisitor.Of(context).Client.SetLegalConsent(false);
            return Html(context, "<p>no tag</p>");
        });
        MapDecided(app, "/refuse-and-redirect", context =>
        {
            RequestVisitor.Of(context).Client.SetLegalConsent(false);
            return RespondAsync(context, StatusCodes.Status302Found);
        });
        app.Map("/plain", () => "plain");
        app.Map("/tag", context => Html(context, Pages.Tracking(context)));
        app.Map("/error", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("style");
            return Html(context, Pages.Tracking(context));
        });
    }

    private static void MapDecided(WebApplication app, string path, RequestDelegate answer) => app.Map(path, context =>
    {
        RequestVisitor.Of(context).Client.GetVariation("checkout");
        return answer(context);
    });

    private static Task RespondAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = status < 400 ? "/tag" : default(Microsoft.Extensions.Primitives.StringValues);
        return Task.CompletedTask;
    }

    private static async Task Html(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html";
        await context.Response.WriteAsync(html);
        await context.Response.Body.FlushAsync();
    }

    /// <summary>What a visitor requests, and what becomes of the exposure that the response decides.</summary>
    /// <param name="Path">The page.</param>
    /// <param name="Expected">The owner, with the tag of the metric where the server knows it.</param>
    /// <param name="Method">The method of the request.</param>
    /// <param name="Header">A header of the request.</param>
    /// <param name="NextPage">What the visitor requests next, or null.</param>
    /// <param name="IsCut">Whether the response breaks off.</param>
    /// <param name="IsNextAhead">Whether the next page is requested with the same header.</param>
    private sealed record Row(
        string Path,
        string Expected,
        string Method = "GET",
        (string Name, string Value)? Header = null,
        string? NextPage = null,
        bool IsCut = false,
        bool IsNextAhead = false)
    {
        /// <summary>Whether an error page replaces the response, so that the order of the middlewares matters.</summary>
        internal bool HasErrorPage => Path is "/throws" or "/tag-and-throw" or "/status/404" or "/status/503";

        public override string ToString() =>
            $"{Method} {Path}{(Header is var (name, value) ? $" ({name}: {value})" : "")}{(NextPage is null ? "" : ", then " + NextPage)}{(IsNextAhead ? " ahead" : "")}: {Expected}";
    }
}
