using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Kameleoon.Hybrid.Sandbox.Tests;

/// <summary>Changes that the control endpoints and <see cref="KameleoonSandbox"/> refuse.</summary>
public sealed class ControlRefusalTests
{
    [Theory]
    [InlineData("PUT", "control/flags/checkout", "null")]
    [InlineData("PUT", "control/flags/checkout", """{ "forced": [null] }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "forced": [{ "variation": "on" }, null] }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "forced": [{ "visitor": "anna" }] }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "forced": [{ "variation": null }] }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": null } }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": { "weights": { "on": null } } } }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": { "weights": { "on": 1e999 } } } }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": { "weights": { "on": 1e308, "off": 1e308 } } } }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": { "weights": {} } } }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": { "traffic": 1e999 } } }""")]
    [InlineData("PUT", "control/flags/checkout", """{ "rules": { "2": { "traffic": -1e999 } } }""")]
    [InlineData("PUT", "control/faults/events", "null")]
    [InlineData("PUT", "control/faults/events", """{ "drop": null }""")]
    [InlineData("PUT", "control/faults/events", """{ "status": 503, "delayMs": 1e999 }""")]
    [InlineData("PUT", "control/faults/events", """{ "status": 503, "retryAfter": -1 }""")]
    [InlineData("PUT", "control/scores/kcs/anna", "null")]
    [InlineData("PUT", "control/scores/kcs/anna", "[]")]
    [InlineData("PUT", "control/project", "null")]
    [InlineData("PUT", "control/project", "")]
    [InlineData("POST", "control/clock?advanceSeconds=NaN", "")]
    [InlineData("POST", "control/clock?advanceSeconds=Infinity", "")]
    [InlineData("POST", "control/clock?advanceSeconds=-Infinity", "")]
    [InlineData("POST", "control/clock?advanceSeconds=1e999", "")]
    [InlineData("POST", "control/clock?advanceSeconds=315360001", "")]
    [InlineData("POST", "control/clock", "")]
    public async Task What_is_no_number_no_object_or_out_of_range_is_refused_and_changes_nothing(string method, string address, string body)
    {
        await using var site = await SandboxSite.StartAsync();

        using var refused = await site.ControlAsync(method, address, body);

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldNotBeNullOrWhiteSpace();
        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
        (await site.StateAsync()).GetProperty("sandbox").GetRawText()
            .ShouldBe("""{"storage":null,"aheadSeconds":0,"faults":{},"edits":0}""");
    }

    [Theory]
    [InlineData("-315360000", -3_153_600_000)]
    [InlineData("315360000", 3_153_600_000)]
    public async Task Many_advances_take_the_clock_100_years_from_the_machine_s_and_no_further(string seconds, double furthest)
    {
        await using var site = await SandboxSite.StartAsync();
        for (var i = 0; i < 10; i++)
        {
            using var moved = await site.ControlAsync("POST", $"control/clock?advanceSeconds={seconds}");
            moved.StatusCode.ShouldBe(HttpStatusCode.OK);
        }

        using var refused = await site.ControlAsync("POST", $"control/clock?advanceSeconds={seconds}");

        refused.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await refused.Content.ReadAsStringAsync()).ShouldBe(SandboxClock.Limit);
        (await site.JsonAsync("control/clock")).GetProperty("aheadSeconds").GetDouble().ShouldBe(furthest);
        using var visit = await site.FromEngineAsync("anna", TestData.Exposure());
        visit.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var maps = await site.PostAsync("map/maps?siteCode=s&ttlHours=2147483647", """{"a":{"b":1}}""");
        maps.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        using var token = await site.PostAsync("oauth/token");
        token.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var edited = await site.ControlAsync("PUT", "control/flags/checkout", """{ "enabled": false }""");
        edited.StatusCode.ShouldBe(HttpStatusCode.NoContent);
        foreach (var page in (string[])["v3/s", "live/state", "live/facts?visitor=anna", "live/visitor?code=anna", "live/explain?flag=checkout&visitor=anna", "engine.js"])
        {
            using var shown = await site.GetAsync(page);
            shown.StatusCode.ShouldBe(HttpStatusCode.OK, page);
        }
    }

    [Fact]
    public async Task The_public_methods_refuse_the_same_with_an_exception_and_change_nothing()
    {
        await using var site = await SandboxSite.StartAsync();
        var sandbox = site.Services.GetRequiredService<KameleoonSandbox>();

        Should.Throw<ArgumentOutOfRangeException>(() => sandbox.Advance(TimeSpan.MinValue)).Message.ShouldStartWith(SandboxClock.Limit);
        Should.Throw<ArgumentOutOfRangeException>(() => sandbox.Advance(TimeSpan.MaxValue));
        Should.Throw<ArgumentException>(() => sandbox.ForceVariation("checkout", null!));
        Should.Throw<ArgumentException>(() => sandbox.SetFlag(null!, enabled: false));
        Should.Throw<ArgumentNullException>(() => sandbox.Fail(null!));
        Should.Throw<ArgumentException>(() => sandbox.SetProject("""{ "flags": { "a": { "variations": { "on": {} }, "rules": [{ "split": { "on": 1e999 } }] } } }"""));

        (await site.TextAsync("v3/s")).ShouldBe(TestData.Json);
        (await site.StateAsync()).GetProperty("sandbox").GetProperty("aheadSeconds").GetDouble().ShouldBe(0);
    }
}
