using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;

namespace Kameleoon.Hybrid.Sandbox.Tests;

public sealed class ConfigurationTests
{
    [Fact]
    public async Task The_data_file_is_served_byte_for_byte_with_its_time_in_whole_seconds()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: "\uFEFF" + TestData.Json + "\r\n");
        File.SetLastWriteTimeUtc(site.DataFile, new DateTime(2026, 1, 2, 3, 4, 5, 678, DateTimeKind.Utc));

        using var response = await site.GetAsync("v3/any-site?environment=staging&ts=1");

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/json");
        response.Content.Headers.LastModified.ShouldBe(new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        (await response.Content.ReadAsByteArrayAsync()).ShouldBe(await File.ReadAllBytesAsync(site.DataFile));
    }

    [Fact]
    public async Task A_client_that_knows_the_content_gets_304_without_a_body()
    {
        await using var site = await SandboxSite.StartAsync();
        using var first = await site.GetAsync("v3/s");

        using var second = await SinceAsync(site, first.Content.Headers.LastModified!.Value);

        second.StatusCode.ShouldBe(HttpStatusCode.NotModified);
        (await second.Content.ReadAsByteArrayAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    public async Task A_client_with_any_other_time_gets_the_content(int seconds)
    {
        await using var site = await SandboxSite.StartAsync();
        using var first = await site.GetAsync("v3/s");

        using var second = await SinceAsync(site, first.Content.Headers.LastModified!.Value.AddSeconds(seconds));

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task An_edit_is_picked_up_at_once_even_within_the_second_of_the_last_one()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: "{\"featureFlags\":[],\"dateModified\":1}");
        var written = File.GetLastWriteTimeUtc(site.DataFile);
        using var first = await site.GetAsync("v3/s");
        const string Edited = "{\"featureFlags\":[],\"dateModified\":2}";
        await File.WriteAllTextAsync(site.DataFile, Edited);
        File.SetLastWriteTimeUtc(site.DataFile, written);

        using var second = await SinceAsync(site, first.Content.Headers.LastModified!.Value);

        second.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second.Content.ReadAsStringAsync()).ShouldBe(Edited);
        second.Content.Headers.LastModified!.Value.ShouldBeGreaterThan(first.Content.Headers.LastModified!.Value);
    }

    [Fact]
    public async Task A_file_of_this_second_has_no_date_since_another_of_the_same_second_may_follow()
    {
        await using var site = await SandboxSite.StartAsync();
        File.SetLastWriteTimeUtc(site.DataFile, DateTime.UtcNow.AddHours(1));
        using var first = await site.GetAsync("v3/s");

        first.Content.Headers.LastModified.ShouldBeNull();
        using var second = await SinceAsync(site, new DateTimeOffset(File.GetLastWriteTimeUtc(site.DataFile)));
        second.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_missing_file_is_404_until_it_is_there()
    {
        await using var site = await SandboxSite.StartAsync(dataFile: null);

        using var missing = await site.GetAsync("v3/s");
        await File.WriteAllTextAsync(site.DataFile, TestData.Json);
        using var found = await site.GetAsync("v3/s");

        missing.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await missing.Content.ReadAsStringAsync()).ShouldContain("kameleoon.json");
        found.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_broken_file_is_explained_on_the_live_page_and_the_last_good_one_stays_in_force()
    {
        await using var site = await SandboxSite.StartAsync();
        await site.FromEngineAsync("v1", TestData.Exposure());
        await site.TextAsync("v3/s");
        await File.WriteAllTextAsync(site.DataFile, "{\n\"featureFlags\":[");

        using var response = await site.GetAsync("v3/s");
        var state = await site.StateAsync();

        (await response.Content.ReadAsStringAsync()).ShouldBe(TestData.Json);
        var dataFile = state.GetProperty("dataFile");
        dataFile.GetProperty("state").GetString().ShouldBe("broken");
        dataFile.GetProperty("problem").GetString().ShouldStartWith("Line 2: The document is not valid JSON");
        state.GetProperty("experiments")[0].GetProperty("flag").GetString().ShouldBe("checkout");
    }

    [Fact]
    public async Task An_edit_is_announced_on_the_event_stream_in_the_words_of_the_platform()
    {
        await using var site = await SandboxSite.StartAsync();
        using var response = await site.Http
            .GetAsync(new Uri("sse?siteCode=abcde12345", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead)
            .WaitAsync(HangGuard.Timeout);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        (await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout)).ShouldBe(":");
        (await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout)).ShouldBe("");
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await File.WriteAllTextAsync(site.DataFile, "{\"featureFlags\":[]}");

        response.Content.Headers.ContentType!.ToString().ShouldBe("text/event-stream");
        (await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout)).ShouldBe("event: configuration-update-event");
        var data = JsonElement.Parse((await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout))!["data: ".Length..]);
        data.GetProperty("siteCode").GetString().ShouldBe("abcde12345");
        data.GetProperty("ts").GetInt64().ShouldBeGreaterThanOrEqualTo(before);
        (await reader.ReadLineAsync().WaitAsync(HangGuard.Timeout)).ShouldBe("");
    }

    [Theory]
    [InlineData("older", "\"siteCode\":\"s\"")]
    [InlineData("foreign", "\"siteCode\":\"another-site\"")]
    [InlineData("malformed", "\"ts")]
    public async Task The_event_stream_says_what_a_test_wants_it_to_say(string kind, string data)
    {
        await using var site = await SandboxSite.StartAsync();
        using var set = await site.ControlAsync("PUT", "control/stream?onConnect=true");
        using var patience = new CancellationTokenSource(HangGuard.Timeout);
        await using var stream = await site.Http.GetStreamAsync(new Uri("sse?siteCode=s", UriKind.Relative), patience.Token);
        using var reader = new StreamReader(stream);
        var first = await DataAsync(reader, patience.Token);

        using var said = await site.ControlAsync("PUT", $"control/stream?say={kind}");
        var second = await DataAsync(reader, patience.Token);

        first.ShouldContain("\"siteCode\":\"s\"");
        second.ShouldContain(data);
        second.EndsWith('}').ShouldBe(kind is not "malformed");
    }

    [Fact]
    public async Task An_edit_is_dated_by_the_machine_when_the_sandbox_s_clock_is_ahead()
    {
        var edited = new DateTimeOffset(2100, 1, 1, 0, 0, 0, TimeSpan.Zero);
        var machine = new FakeTimeProvider(edited);
        await using var site = await SandboxSite.StartAsync(
            configure: builder => builder.Services.AddSingleton<TimeProvider>(machine));
        using var ahead = await site.ControlAsync("POST", "control/clock?advanceSeconds=86400");

        using var edit = await site.ControlAsync("PUT", "control/flags/checkout", """{ "enabled": false }""");
        machine.Advance(TimeSpan.FromSeconds(3));
        using var served = await site.GetAsync("v3/s");

        served.Content.Headers.LastModified.ShouldBe(edited);
    }

    [Fact]
    public async Task Messages_that_a_test_sends_at_once_all_come_in_their_order()
    {
        await using var site = await SandboxSite.StartAsync();
        using var patience = new CancellationTokenSource(HangGuard.Timeout);
        await using var stream = await site.Http.GetStreamAsync(new Uri("sse?siteCode=s", UriKind.Relative), patience.Token);
        using var reader = new StreamReader(stream);

        using var first = await site.ControlAsync("PUT", "control/stream?say=foreign");
        using var second = await site.ControlAsync("PUT", "control/stream?say=update");

        (await DataAsync(reader, patience.Token)).ShouldContain("another-site");
        (await DataAsync(reader, patience.Token)).ShouldContain("\"siteCode\":\"s\"");
    }

    [Fact]
    public async Task Only_the_client_of_the_options_gets_a_token_and_it_holds_as_long_as_they_say()
    {
        await using var site = await SandboxSite.StartAsync(settings:
        [
            ("Kameleoon:Sandbox:ClientId", "shop"), ("Kameleoon:Sandbox:ClientSecret", "my secret&="),
            ("Kameleoon:Sandbox:TokenLife", "00:01:00"),
        ]);
        using var header = new HttpRequestMessage(HttpMethod.Post, "oauth/token")
        {
            Headers = { { "Authorization", "Basic " + Convert.ToBase64String("shop:my secret&="u8) } },
            Content = new StringContent("grant_type=client_credentials"),
        };

        using var byHeader = await site.Http.SendAsync(header);
        using var byBody = await site.PostAsync("oauth/token", "client_secret=my%20secret%26%3D&client_id=shop");
        using var wrong = await site.PostAsync("oauth/token", "client_secret=guess&client_id=shop");

        byHeader.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await byBody.Content.ReadAsStringAsync()).ShouldContain("\"expires_in\":60");
        wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await wrong.Content.ReadAsStringAsync()).ShouldBe("""{"error":"invalid_client"}""");
    }

    [Fact]
    public async Task Another_site_is_not_found_where_the_option_names_one()
    {
        await using var site = await SandboxSite.StartAsync(settings: ("Kameleoon:Sandbox:SiteCode", "mine"));

        using var own = await site.GetAsync("v3/mine");
        using var other = await site.GetAsync("v3/other");

        (own.StatusCode, other.StatusCode).ShouldBe((HttpStatusCode.OK, HttpStatusCode.NotFound));
    }

    private static async Task<string> DataAsync(StreamReader reader, CancellationToken cancellationToken)
    {
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
        {
            if (line.StartsWith("data:", StringComparison.Ordinal))
            {
                return line;
            }
        }

        return "";
    }

    [Fact]
    public async Task Whoever_asks_for_an_access_token_gets_one()
    {
        await using var site = await SandboxSite.StartAsync();

        using var response = await site.PostAsync("oauth/token?sdkName=CSHARP", "grant_type=client_credentials");

        (await response.Content.ReadAsStringAsync()).ShouldBe(
            """{"access_token":"sandbox-access-token","token_type":"bearer","expires_in":7200}""");
    }

    private static Task<HttpResponseMessage> SinceAsync(SandboxSite site, DateTimeOffset time) =>
        site.Http.SendAsync(new HttpRequestMessage(HttpMethod.Get, "v3/s") { Headers = { IfModifiedSince = time } });
}
