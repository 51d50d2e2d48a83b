using System.Globalization;
using Kameleoon.Hybrid.Sandbox;
using Microsoft.Playwright;

namespace Kameleoon.Hybrid.Browser.Tests;

/// <summary>The engine never breaks a page, whatever the page or the platform does to it.</summary>
public sealed class HostilePageTests(Chromium chromium) : IClassFixture<Chromium>
{
    private static readonly EngineConfiguration Busy = new()
    {
        LiveUpdate = true,
        Needs = new EngineNeeds(Ip: true, Geolocation: true, AdBlocker: true),
        Spa = new EngineSinglePage(Enabled: true),
        GlobalScript = new("throw new Error('global')"),
        Experiments =
        [
            new EngineExperiment(5, "web")
            {
                Kind = "web",
                Variations = [new(6, "on") { Share = 1, Css = "}}{", Js = new("throw new Error('variation')") }],
            },
        ],
    };

    [Theory]
    [InlineData("Date.now = () => 7; performance.now = () => 7;")]
    [InlineData("Date.now = () => NaN;")]
    [InlineData("Array.prototype.push = () => { throw new Error('push'); };")]
    [InlineData("Array.prototype.push = () => 0;")]
    [InlineData("window.setTimeout = () => 1; window.setInterval = () => 1;")]
    [InlineData("window.fetch = () => { throw new Error('fetch'); };")]
    [InlineData("window.fetch = undefined; navigator.sendBeacon = undefined;")]
    [InlineData("Storage.prototype.setItem = () => { throw new Error('full'); };")]
    [InlineData("Storage.prototype.getItem = () => '{';")]
    [InlineData("window.CustomEvent = function () { throw new Error('event'); };")]
    [InlineData("Object.defineProperty(document, 'cookie', { get() { throw 1; }, set() { throw 1; } });")]
    [InlineData("Object.defineProperty(window, 'localStorage', { get() { throw new Error('no'); } });")]
    [InlineData("var kameleoonQueue = Object.freeze([['Goals.processConversion', 1]]);")]
    [InlineData("var kameleoonQueue = [null, 1, {}, [], [[]], [Symbol('x')], { level: 'IMMEDIATE', get command() { throw 1; } }];")]
    [InlineData("var kameleoonQueue = []; kameleoonQueue.push(function again() { kameleoonQueue.push(again); });")]
    [InlineData("for (const name of ['Loaded', 'Started']) addEventListener('Kameleoon::' + name, () => Kameleoon.API.Core.load());")]
    [InlineData("var kameleoonDisplayPage = () => { throw new Error('display'); };")]
    public async Task A_hostile_page_sees_no_error_and_stays_usable(string hostility)
    {
        await using var site = await EngineSite.StartAsync(Busy);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);

        await page.GotoAsync(site.Add("/", hostility, "addEventListener('click', () => { window.isUsable = true; });"));
        await page.WaitForFunctionAsync("() => window.Kameleoon !== undefined");
        await page.ClickAsync("#text");
        await page.GotoAsync(site.Add("/other", engine: "")); // It must survive being left as well.

        errors.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("**/visit/events*", 500)]
    [InlineData("**/visit/events*", null)]
    [InlineData("**/config.js", 404)]
    [InlineData("**/config.js", null)]
    [InlineData("**/ip", null)]
    [InlineData("**/geolocation", 500)]
    public async Task A_platform_that_fails_is_not_the_page_s_trouble(string path, int? status)
    {
        await using var site = await EngineSite.StartAsync(Busy);
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);
        var failed = new TaskCompletionSource();
        await page.RouteAsync(path, async route =>
        {
            await (status is { } code ? route.FulfillAsync(new RouteFulfillOptions { Status = code }) : route.AbortAsync());
            failed.TrySetResult();
        });

        await page.GotoAsync(site.Add("/", "addEventListener('Kameleoon::Started', () => { window.started = true; });"));
        await page.WaitForFunctionAsync("() => window.started");
        await failed.Task.WaitAsync(HangGuard.Timeout);
        await page.UnrouteAsync(path);

        (await site.FinishAsync(page)).Count(sent => sent.Type == "page").ShouldBe(1);
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Ten_thousand_entries_all_arrive_once()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);

        await page.GotoAsync(site.Add(
            "/",
            "var kameleoonQueue = Array.from({ length: 10000 }, (_, i) => ['Goals.processConversion', 1 + i]);"));
        using var deadline = new CancellationTokenSource(HangGuard.Timeout);
        while (GoalsOf(site).Count < 10_000)
        {
            await Task.Delay(100, deadline.Token);
        }

        GoalsOf(site).ShouldBe(Enumerable.Range(1, 10_000), ignoreOrder: true); // Bodies may overtake each other.
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task Beside_the_json_methods_of_old_prototype_conversions_arrive_and_wrong_revenue_counts_as_none()
    {
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);

        await page.GotoAsync(site.Add(
            "/",
            """
            Array.prototype.toJSON = function () { return "[" + this.join(", ") + "]"; };
            String.prototype.toJSON = function () { return '"' + this + '"'; };
            var kameleoonQueue = [["Goals.processConversion", 1, 9.5], ["Goals.processConversion", 2, "1,234.50"]];
            """));
        using var deadline = new CancellationTokenSource(HangGuard.Timeout);
        while (GoalsOf(site).Count < 2)
        {
            await Task.Delay(20, deadline.Token);
        }

        var lines = site.Bodies.SelectMany(body => body.Split('\n')).Select(line => line.Split('&')).ToList();
        lines.ShouldContain(line => line.Contains("goalId=1") && line.Contains("revenue=9.5"));
        lines.ShouldContain(line => line.Contains("goalId=2") && !line.Contains("revenue=1"));
        string.Join('\n', site.Bodies).ShouldNotContain("1,234.50");
        errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_revenue_that_is_not_a_plain_number_warns_and_counts_as_none()
    {
        string[] wrong =
        [
            "'1,234.50'", "'129,90'", "'€10'", "'10 €'", "'$5'", "' 10'", "'10 '", "''", "'1e3'", "'0x10'", "'+5'", "'.5'", "'5.'",
            "'1.2.3'", "'--1'", "'1_000'", "'１０'", "'NaN'", "'Infinity'", "'9'.repeat(400)", "true", "false", "[7]", "['7']", "[]", "{}",
            "({ valueOf: () => 7 })", "new Number(7)", "new Date(7)", "7n", "() => 7", "Symbol('7')", "NaN", "Infinity", "-Infinity",
            "1e21", "1e-7",
        ];
        string[] plain = ["undefined", "null", "0", "'0'", "-0", "9.5", "'9.5'", "-3", "'-3.25'", "'007'", "1e3"];
        await using var site = await EngineSite.StartAsync();
        await using var visitor = await chromium.NewVisitorAsync();
        var page = await visitor.NewPageAsync();
        var errors = Complaints.UncaughtOf(page);
        var warnings = 0;
        page.Console += (_, message) => warnings += message.Text.Contains("is not a plain number", StringComparison.Ordinal) ? 1 : 0;

        await page.GotoAsync(site.Add(
            "/",
            $"var kameleoonQueue = [{string.Join(',', wrong.Concat(plain))}].map((revenue, i) => ['Goals.processConversion', i, revenue]);"));
        var conversions = (await site.FinishAsync(page)).Where(sent => sent.Type == "conversion")
            .ToDictionary(sent => int.Parse(sent.Fields["goalId"], CultureInfo.InvariantCulture), sent => sent.Fields["revenue"]);

        for (var i = 0; i < wrong.Length; i++)
        {
            conversions[i].ShouldBe("0", wrong[i]);
        }

        Enumerable.Range(wrong.Length, plain.Length).Select(i => conversions[i])
            .ShouldBe(["0", "0", "0", "0", "0", "9.5", "9.5", "-3", "-3.25", "7", "1000"]);
        warnings.ShouldBe(wrong.Length);
        errors.ShouldBeEmpty();
    }

    private static List<int> GoalsOf(EngineSite site) =>
    [
        .. site.Bodies.SelectMany(body => body.Split('\n'))
            .Where(line => line.StartsWith("eventType=conversion", StringComparison.Ordinal))
            .Select(line => int.Parse(line.Split("goalId=")[1].Split('&')[0], CultureInfo.InvariantCulture)),
    ];
}
