using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A site whose flags split visitors in halves. The query says how each half is answered.</summary>
internal sealed partial class ArmsSite : IAsyncDisposable
{
    internal const int Flags = 6;

    private static readonly (string, string)[] Scripted =
    [
        ("User-Agent", "Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0"),
        ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document"), ("Sec-Fetch-Site", "same-origin"),
    ];

    private readonly ConcurrentQueue<(string Visitor, int Flag, string Arm)> _decided = new();
    private readonly ConcurrentQueue<(string Visitor, int Flag, string Arm)> _byEngine = new();

    private ArmsSite(TestSite site) => Site = site;

    internal TestSite Site { get; }

    internal IEnumerable<(string Visitor, int Flag, string Arm)> Decided => _decided;

    internal IEnumerable<(string Visitor, int Flag, string Arm)> ByEngine => _byEngine;

    internal static async Task<ArmsSite> StartAsync(
        bool errorsFirst = true,
        bool requiresConsent = false,
        StubPlatform? platform = null,
        Action<IKameleoonBuilder>? kameleoon = null,
        Action<IServiceCollection>? services = null)
    {
        ArmsSite? arms = null;
        var site = await TestSite.StartAsync(
            options => options.Simulation = SimulationPolicy.On,
            platform: platform ?? DataFiles.Serving(DataFile(requiresConsent)),
            kameleoon: kameleoon,
            services: services,
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

                app.MapMethods("/step/{flag:int}", ["GET", "POST", "HEAD"], (int flag, string a, string b, HttpContext context) =>
                    arms!.AnswerAsync(flag, a, b, context));
                app.MapMethods("/page", ["GET", "POST"], (HttpContext context) =>
                    Results.Content(Pages.Tracking(context), "text/html"));
            });
        return arms = new ArmsSite(site);
    }

    /// <summary>The cookie that simulates a variation of a flag.</summary>
    internal static string SimulationOf(int flag) => "kameleoonSimulationFFData=" + Uri.EscapeDataString(
        $"{{\"flag{flag}\":{{\"expId\":{flag + 7001},\"varId\":{((flag + 100) * 10) + 1}}}}}");

    /// <summary>Sends a request of a visitor, and notes what its page hands to the engine.</summary>
    /// <returns>The status, and the address by which the page tells the server that its engine did not run, or null.</returns>
    internal async Task<(int Status, string? Seen)> SendAsync(
        string visitor, HttpMethod method, string path, params (string, string)[] headers)
    {
        using var response = await Site.SendAsync(method, path, [("Cookie", "kameleoonVisitorCode=" + visitor), .. headers]);
        var html = await response.Content.ReadAsStringAsync();
        if (response.Headers.Contains("X-Engine-Ran"))
        {
            return ((int)response.StatusCode, Told().Match(html).Groups[1].Value);
        }

        foreach (Match match in Assigned().Matches(html))
        {
            var variation = long.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture);
            _byEngine.Enqueue(Name(visitor, variation));
        }

        return ((int)response.StatusCode, null);
    }

    /// <summary>Sends a request as a browser does, which also does what the page's script says.</summary>
    internal async Task VisitAsync(string visitor, HttpMethod method, string path, bool followsRedirect)
    {
        try
        {
            var (status, seen) = await SendAsync(visitor, method, path);
            if (seen is not null && path.Contains("left", StringComparison.Ordinal))
            {
                // A script of the page called location.replace before the tag ran.
                var referrer = new Uri(Site.Http.BaseAddress!, path).ToString();
                await SendAsync(visitor, HttpMethod.Get, "/page", [.. Scripted, ("Referer", referrer)]);
            }
            else if (seen is not null)
            {
                await SendAsync(visitor, HttpMethod.Post, seen, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "empty"));
            }
            else if (status == 302 && followsRedirect)
            {
                await SendAsync(visitor, HttpMethod.Get, "/page");
            }
        }
        catch (HttpRequestException)
        {
            // The arm that breaks off.
        }
    }

    /// <summary>Stops the site.</summary>
    /// <returns>What the server reported.</returns>
    internal async Task<List<(string Visitor, int Flag, string Arm)>> StopAsync() =>
    [
        .. (await Site.StopAndReadEventsAsync())
            .Where(sent => sent["eventType"] == "experiment")
            .Select(sent => Name(sent["visitorCode"], long.Parse(sent["variationId"], CultureInfo.InvariantCulture))),
    ];

    public ValueTask DisposeAsync() => Site.DisposeAsync();

    private async Task AnswerAsync(int flag, string a, string b, HttpContext context)
    {
        var client = RequestVisitor.Of(context).Client;
        var arm = client.GetVariation($"flag{flag}").Key;
        _decided.Enqueue((client.GetVisitorCode(), flag, arm));
        var response = context.Response;
        switch (arm == "a" ? a : b)
        {
            case "page":
                response.ContentType = "text/html";
                await response.WriteAsync(Pages.Tracking(context));
                break;
            case "left":
            case "blocked":
                response.ContentType = "text/html";
                response.Headers["X-Engine-Ran"] = "no";
                await response.WriteAsync(Pages.Tracking(context));
                break;
            case "html":
                response.ContentType = "text/html";
                await response.WriteAsync("<p>no tag</p>");
                break;
            case "json":
                await response.WriteAsJsonAsync(arm);
                break;
            case "redirect":
                response.Redirect("/page");
                break;
            case "redirect-after-tag":
                Pages.Tracking(context);
                response.Redirect("/page");
                break;
            case "missing":
                response.StatusCode = StatusCodes.Status404NotFound;
                break;
            case "throws":
                throw new InvalidOperationException("On purpose.");
            case "throws-after-tag":
                Pages.Tracking(context);
                throw new InvalidOperationException("On purpose.");
            case "slow":
                await ((ManualClock)context.RequestServices.GetRequiredService<TimeProvider>()).MoveAsync(TimeSpan.FromSeconds(1));
                goto case "page";
            case "stream":
                response.ContentType = "text/event-stream";
                await response.WriteAsync("data: x\n\n");
                await response.Body.FlushAsync();
                break;
            case "abort":
                await response.WriteAsync("<p>half");
                await response.Body.FlushAsync();
                context.Abort();
                break;
            case var other:
                throw new ArgumentOutOfRangeException(nameof(a), other, "Unknown answer.");
        }
    }

    // An error page of its own tag.
    private static void UseErrorPages(WebApplication app)
    {
        app.UseExceptionHandler("/page");
        app.UseStatusCodePagesWithReExecute("/page");
    }

    private static (string Visitor, int Flag, string Arm) Name(string visitor, long variation) =>
        (visitor, (int)(variation / 10) - 100, variation % 10 == 1 ? "a" : "b");

    /// <summary>The data file of the flags.</summary>
    internal static string DataFile(bool requiresConsent = false) => $$"""
        { "configuration": { "consentType": "{{(requiresConsent ? "REQUIRED" : "NOT_REQUIRED")}}" }, "featureFlags": [{{string.Join(',', Enumerable.Range(0, Flags).Select(Flag))}}] }
        """;

    /// <summary>A flag that splits visitors in halves.</summary>
    internal static string Flag(int number) => $$"""
        {
          "id": {{number + 1}}, "featureKey": "flag{{number}}", "environmentEnabled": true, "defaultVariationKey": "off",
          "variations": [{ "key": "off", "variables": [] }, { "key": "a", "variables": [] }, { "key": "b", "variables": [] }],
          "rules": [{
            "id": {{number + 101}}, "type": "EXPERIMENTATION", "segmentId": null, "exposition": 1, "experimentId": {{number + 7001}},
            "variationByExposition": [
              { "variationKey": "a", "variationId": {{(number + 100) * 10 + 1}}, "exposition": 0.5 },
              { "variationKey": "b", "variationId": {{(number + 100) * 10 + 2}}, "exposition": 0.5 }
            ]
          }]
        }
        """;

    [GeneratedRegex(@"assignVariation',\d+,(?<variation>\d+)", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Assigned();

    [GeneratedRegex("var u=\"(?<address>[^\"]+)\"", RegexOptions.None, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Told();
}
