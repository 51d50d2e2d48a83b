using System.Net;
using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The endpoint that issues overrides to people who may test.</summary>
public sealed class OverridesEndpointTests
{
    [Fact]
    public async Task A_person_sets_changes_and_clears_overrides()
    {
        await using var site = await OverriddenSite.StartAsync();
        var first = await site.OverrideAsync("""{"checkout":"off"}""");
        var second = await site.OverrideAsync("""{"dark":"on"}""", first);
        var third = await site.OverrideAsync("""{"checkout":null}""", second);

        (await ShownAsync(site, first)).ShouldBe("off off");
        (await ShownAsync(site, second)).ShouldBe("off on");
        (await ShownAsync(site, third)).ShouldBe("on on");
        (await site.OverrideAsync("""{"dark":null}""", third)).ShouldBe("kameleoonOverrides=");
        using var cleared = await site.CallAsync(HttpMethod.Delete, cookie: $"user=tester; {second}");
        OverriddenSite.CookieOf(cleared).ShouldBe("kameleoonOverrides=");
    }

    [Fact]
    public async Task The_answer_has_the_overrides_until_when_they_hold_and_what_can_be_overridden()
    {
        await using var site = await OverriddenSite.StartAsync(options: static options => options.Overrides.Lifetime = TimeSpan.FromMinutes(30));
        var cookie = await site.OverrideAsync("""{"dark":"on"}""");

        using var response = await site.CallAsync(HttpMethod.Get, cookie: $"user=tester; {cookie}");

        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        answer.RootElement.GetProperty("overrides").GetRawText().ShouldBe("""{"dark":"on"}""");
        answer.RootElement.GetProperty("flags")[0].GetRawText().ShouldBe("""{"key":"checkout","variations":["off","on"]}""");
        var rest = answer.RootElement.GetProperty("expires").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
        rest.ShouldBeInRange(TimeSpan.Zero, TimeSpan.FromMinutes(30));
    }

    [Fact]
    public async Task The_cookie_is_hidden_from_scripts_and_ends_with_the_override()
    {
        await using var site = await OverriddenSite.StartAsync();

        using var response = await site.CallAsync(HttpMethod.Post, """{"overrides":{"dark":"on"}}""");

        var header = response.Headers.GetValues("Set-Cookie").Single(static one => one.StartsWith("kameleoonOverrides", StringComparison.Ordinal));
        header.ShouldContain("httponly");
        header.ShouldContain("samesite=lax");
        header.ShouldContain("expires=");
        header.ShouldNotContain("dark");
    }

    [Theory]
    [InlineData("""{"chekout":"on"}""", "There is no flag 'chekout'. Is it checkout?")]
    [InlineData("""{"checkout":"blue"}""", "Flag 'checkout' has no variation 'blue'. It has off, on.")]
    [InlineData("""{"checkout":"on","nothing-like-it":"x"}""", "There is no flag 'nothing-like-it'.")]
    public async Task An_unknown_flag_or_variation_changes_nothing_and_is_named(string overrides, string problem)
    {
        await using var site = await OverriddenSite.StartAsync();

        using var response = await site.CallAsync(HttpMethod.Post, $$"""{"overrides":{{overrides}}}""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        OverriddenSite.CookieOf(response).ShouldBeNull();
        using var answer = JsonDocument.Parse(await response.Content.ReadAsStringAsync());
        answer.RootElement.GetProperty("detail").GetString().ShouldBe(problem);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-site", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "https://evil.example", HttpStatusCode.Forbidden)]
    [InlineData("Origin", "null", HttpStatusCode.Forbidden)]
    [InlineData("Sec-Fetch-Site", "same-origin", HttpStatusCode.OK)]
    [InlineData("Origin", "http://127.0.0.1", HttpStatusCode.OK)]
    [InlineData("Accept", "*/*", HttpStatusCode.OK)]
    public async Task Only_pages_of_the_same_host_change_overrides(string header, string value, HttpStatusCode expected)
    {
        await using var site = await OverriddenSite.StartAsync();

        using var set = await site.CallAsync(HttpMethod.Post, """{"overrides":{"dark":"on"}}""", headers: (header, value));
        using var cleared = await site.CallAsync(HttpMethod.Delete, headers: (header, value));

        (set.StatusCode, cleared.StatusCode).ShouldBe((expected, expected));
    }

    [Theory]
    [InlineData("text/plain")]
    [InlineData("application/x-www-form-urlencoded")]
    public async Task A_form_of_any_page_changes_nothing(string contentType)
    {
        await using var site = await OverriddenSite.StartAsync();

        using var response = await site.CallAsync(HttpMethod.Post, """{"overrides":{"dark":"on"}}""", contentType: contentType);

        response.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Theory]
    [InlineData("Production", null, "", HttpStatusCode.Unauthorized)]
    [InlineData("Production", null, "user=anybody", HttpStatusCode.OK)]
    [InlineData("Production", TesterAuthentication.Policy, "user=anybody", HttpStatusCode.Forbidden)]
    [InlineData("Production", TesterAuthentication.Policy, "user=tester", HttpStatusCode.OK)]
    [InlineData("Development", null, "", HttpStatusCode.OK)]
    public async Task Authorization_is_required_outside_development(
        string environment, string? policy, string cookie, HttpStatusCode expected)
    {
        await using var site = await OverriddenSite.StartAsync(environment, policy: policy);

        foreach (var method in (HttpMethod[])[HttpMethod.Get, HttpMethod.Post, HttpMethod.Delete])
        {
            using var response = await site.CallAsync(method, method == HttpMethod.Post ? """{"overrides":{}}""" : null, cookie);
            response.StatusCode.ShouldBe(expected);
        }
    }

    [Fact]
    public async Task More_than_a_cookie_can_carry_is_refused()
    {
        var flags = Enumerable.Range(0, 300).Select(static number => $$"""
            { "id": {{number}}, "featureKey": "a-flag-with-a-long-key-{{number}}", "environmentEnabled": true, "defaultVariationKey": "off",
              "variations": [{ "key": "off" }], "rules": [] }
            """);
        await using var site = await TestSite.StartAsync(
            map: static app => app.MapKameleoonOverrides(),
            platform: DataFiles.Serving($$"""{ "configuration": {}, "featureFlags": [{{string.Join(',', flags)}}] }"""),
            services: TesterAuthentication.Add);
        var all = Enumerable.Range(0, 300).Select(static number => $"\"a-flag-with-a-long-key-{number}\":\"off\"");

        using var response = await site.CallAsync(HttpMethod.Post, $$"""{"overrides":{ {{string.Join(',', all)}} } }""");

        response.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await response.Content.ReadAsStringAsync()).ShouldContain("A cookie cannot carry 300 overrides.");
    }

    [Fact]
    public async Task Mapping_it_without_data_protection_names_the_call_that_is_missing()
    {
        var mapping = () => TestSite.StartAsync(map: static app => app.MapKameleoonOverrides());

        (await mapping.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("builder.Services.AddDataProtection()");
    }

    [Fact]
    public async Task Mapping_it_twice_is_refused()
    {
        var mapping = () => TestSite.StartAsync(
            map: static app =>
            {
                app.MapKameleoonOverrides();
                app.MapKameleoonOverrides("/again");
            },
            services: TesterAuthentication.Add);

        (await mapping.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain("Call it once.");
    }

    private static async Task<string> ShownAsync(TestSite site, string cookie)
    {
        (string, string) header = ("Cookie", $"kameleoonVisitorCode=anna; {cookie}");
        return $"{await site.ReadAsync("/look/checkout", header)} {await site.ReadAsync("/look/dark", header)}";
    }
}
