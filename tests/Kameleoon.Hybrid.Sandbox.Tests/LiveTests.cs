using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using System.Text.RegularExpressions;
using static Kameleoon.Hybrid.Sandbox.Tests.TestData;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed partial class LiveTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("", "live/page.css")]
    [InlineData("", "live/page.js")]
    [InlineData("", "live/icon.svg")]
    [InlineData("/_kameleoon", "_kameleoon/")]
    [InlineData("/_kameleoon/", "_kameleoon/live/page.js")]
    public async Task The_page_and_its_assets_come_with_a_strict_policy(string prefix, string address)
    {
        await using var site = await SandboxSite.StartAsync(prefix);

        using var response = await site.GetAsync(address);

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Headers.GetValues("Content-Security-Policy").Single().ShouldStartWith("default-src 'self'");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        (await response.Content.ReadAsStringAsync()).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Without_its_slash_the_page_is_redirected_to_where_its_assets_are()
    {
        await using var site = await SandboxSite.StartAsync(prefix: "/_kameleoon");

        using var response = await site.GetAsync("_kameleoon?x=1");

        response.StatusCode.ShouldBe(HttpStatusCode.Found);
        response.Headers.Location!.OriginalString.ShouldBe("/_kameleoon/?x=1");
    }

    [Fact]
    public void The_page_needs_nothing_the_policy_forbids()
    {
        var page = Text("page.html");

        InlineCode().IsMatch(page).ShouldBeFalse();
        (page + Text("page.css") + Text("page.js")).ShouldNotContain("https://");
        Text("page.js").ShouldNotContain("innerHTML");
    }

    [Fact]
    public async Task A_viewer_sees_the_state_at_once_and_each_change_of_it()
    {
        await using var site = await SandboxSite.StartAsync();
        await using var viewer = await WatchAsync(site);

        (await NextStateAsync(viewer)).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(0);
        await site.FromEngineAsync("anna", Exposure());
        (await NextStateAsync(viewer)).GetProperty("totals").GetProperty("visitors").GetInt32().ShouldBe(1);
        await File.WriteAllTextAsync(site.DataFile, "{");
        (await NextStateAsync(viewer)).GetProperty("dataFile").GetProperty("state").GetString().ShouldBe("broken");
    }

    [Fact]
    public async Task A_viewer_who_does_not_read_holds_nobody_up()
    {
        await using var site = await SandboxSite.StartAsync();
        await using var lazy = await site.Http.GetStreamAsync(new Uri("live/stream", UriKind.Relative));
        await using var keen = await WatchAsync(site);

        for (var i = 0; i < 50; i++)
        {
            using var response = await site.FromEngineAsync($"v{i}", Page(), Exposure()).WaitAsync(HangGuard.Timeout);
        }

        while ((await NextStateAsync(keen)).GetProperty("totals").GetProperty("visitors").GetInt32() < 50)
        {
            // Snapshots in between are fine; the last one must arrive.
        }
    }

    [Fact]
    public async Task The_stream_ends_when_the_application_stops()
    {
        await using var site = await SandboxSite.StartAsync();
        await using var viewer = await WatchAsync(site);
        await NextStateAsync(viewer);

        await site.StopAsync().WaitAsync(HangGuard.Timeout);

        (await viewer.MoveNextAsync().AsTask().WaitAsync(HangGuard.Timeout)).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.NoContent)]
    [InlineData("X-Kameleoon-Sandbox", "1", HttpStatusCode.NoContent)]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "none", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    public async Task Only_the_page_itself_may_reset(string header, string value, HttpStatusCode expected)
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync("anna", Exposure());

        using var response = await site.Http.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, "live/reset") { Headers = { { header, value } } });

        response.StatusCode.ShouldBe(expected);
        (await site.StateAsync()).GetProperty("totals").GetProperty("visitors").GetInt32()
            .ShouldBe(expected == HttpStatusCode.NoContent ? 0 : 1);
    }

    [Fact]
    public async Task More_events_are_there_for_who_asks()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromServerAsync([.. Enumerable.Range(0, 150).Select(i => Page().Of($"v{i}"))]);

        var usual = await site.StateAsync();
        var more = JsonElement.Parse(await site.TextAsync("live/state?events=5000"));

        usual.GetProperty("events").GetArrayLength().ShouldBe(100);
        more.GetProperty("events").GetArrayLength().ShouldBe(150);
        usual.GetProperty("events")[0].GetProperty("visitorCode").GetString().ShouldBe("v149");
    }

    private static async Task<IAsyncEnumerator<SseItem<string>>> WatchAsync(SandboxSite site) =>
        SseParser.Create(await site.Http.GetStreamAsync(new Uri("live/stream", UriKind.Relative)))
            .EnumerateAsync().GetAsyncEnumerator();

    private static async Task<JsonElement> NextStateAsync(IAsyncEnumerator<SseItem<string>> viewer)
    {
        do
        {
            (await viewer.MoveNextAsync().AsTask().WaitAsync(HangGuard.Timeout)).ShouldBeTrue();
        }
        while (viewer.Current.EventType is not "state");

        return JsonElement.Parse(viewer.Current.Data);
    }

    private static string Text(string name) => System.Text.Encoding.UTF8.GetString(EmbeddedFile.Read(name));

    [GeneratedRegex("""<style|\sstyle=|\son\w+=|<script(?![^>]*\ssrc=)""", RegexOptions.IgnoreCase, 1000)]
    private static partial Regex InlineCode();
}
