using System.Net;
using System.Text.Json;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The report of the experiments as JSON and as a page.</summary>
public sealed class TrustEndpointTests
{
    [Fact]
    public async Task Programs_get_the_visitors_of_each_stage_as_json()
    {
        await using var site = await StartAsync();
        Decide(site, visitors: 40);

        using var report = JsonDocument.Parse(await site.ReadAsync("/kameleoon/trust"));

        var experiment = report.RootElement.GetProperty("experiments")[0];
        experiment.GetProperty("flag").GetString().ShouldBe("flag0");
        experiment.GetProperty("problem").ValueKind.ShouldBe(JsonValueKind.Null);
        var variations = experiment.GetProperty("variations").EnumerateArray().ToArray();
        variations.Sum(static one => one.GetProperty("stages").GetProperty("decided").GetInt64()).ShouldBe(40);
        variations[0].GetProperty("expectedShare").GetDouble().ShouldBe(0.5);
    }

    [Fact]
    public async Task Browsers_get_a_page_with_the_problem_first_and_empty_experiments_in_one_line()
    {
        await using var site = await StartAsync();
        Decide(site, visitors: 300, isBroken: true);

        using var response = await site.GetAsync("/kameleoon/trust", ("Accept", "text/html,application/xhtml+xml"));

        var html = await response.Content.ReadAsStringAsync();
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        response.Headers.CacheControl!.NoStore.ShouldBeTrue();
        response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem().ShouldStartWith("default-src 'none'");
        html.ShouldContain("role=\"alert\">flag0: 100 % fewer visitors for b than for a since");
        html.ShouldContain("decided (the mismatch begins here)");
        html.ShouldContain("No visitors yet: flag1, flag2");
        html.ShouldContain("50 % expected");
        html.ShouldNotContain("<script");
        html.ShouldNotContain("src=");
        html.ShouldNotContain("href=");
    }

    [Fact]
    public async Task Authorization_is_required_outside_development()
    {
        await using var site = await TestSite.StartAsync(
            platform: DataFiles.Serving(ArmsSite.DataFile()),
            kameleoon: static kameleoon => kameleoon.AddKameleoonTrust(),
            services: static services =>
            {
                services.AddAuthentication("Bearer").AddScheme<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions, Refusing>(
                    "Bearer", static _ => { });
                services.AddAuthorization();
            },
            map: static app => app.MapKameleoonTrust());

        using var response = await site.GetAsync("/kameleoon/trust");

        response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Mapping_it_names_the_call_that_is_missing()
    {
        var mapping = () => TestSite.StartAsync(map: static app => app.MapKameleoonTrust());

        (await mapping.ShouldThrowAsync<InvalidOperationException>()).Message.ShouldContain(".AddKameleoonTrust()");
    }

    private static Task<TestSite> StartAsync() => TestSite.StartAsync(
        environment: "Development",
        platform: DataFiles.Serving(ArmsSite.DataFile()),
        kameleoon: static kameleoon => kameleoon.AddKameleoonTrust(),
        map: static app => app.MapKameleoonTrust());

    private static void Decide(TestSite site, int visitors, bool isBroken = false)
    {
        var monitor = site.App.Services.GetRequiredService<TrustMonitor>();
        for (var visitor = 0; visitor < visitors; visitor++)
        {
            monitor.Count($"visitor{visitor}", 7001, isBroken || visitor % 2 == 0 ? 1001 : 1002, VisitorStages.Decided);
        }
    }

    private sealed class Refusing(
        Microsoft.Extensions.Options.IOptionsMonitor<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions> options,
        Microsoft.Extensions.Logging.ILoggerFactory logger,
        System.Text.Encodings.Web.UrlEncoder encoder)
        : Microsoft.AspNetCore.Authentication.AuthenticationHandler<Microsoft.AspNetCore.Authentication.AuthenticationSchemeOptions>(
            options, logger, encoder)
    {
        protected override Task<Microsoft.AspNetCore.Authentication.AuthenticateResult> HandleAuthenticateAsync() =>
            Task.FromResult(Microsoft.AspNetCore.Authentication.AuthenticateResult.NoResult());
    }
}
