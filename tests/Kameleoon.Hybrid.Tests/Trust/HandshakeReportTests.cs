using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using static Kameleoon.Hybrid.Tests.HandshakeSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Differing visitor codes stand where people look: in the log, the health check and the report.</summary>
public sealed class HandshakeReportTests
{
    [Theory]
    [InlineData(19, 19, HealthStatus.Healthy)]
    [InlineData(20, 20, HealthStatus.Degraded)]
    [InlineData(20, 1001, HealthStatus.Healthy)]
    public async Task A_notable_share_of_differing_codes_degrades_the_health_and_is_logged_once(
        int differing, int pages, HealthStatus expected)
    {
        await using var handshake = await StartAsync();
        await ReportAsync(handshake, differing, pages);

        await CheckAsync(handshake.Site);
        var entry = await CheckAsync(handshake.Site);

        entry.Status.ShouldBe(expected);
        entry.Data["differingCodes"].ShouldBe((long)differing);
        var lines = handshake.Site.Log.GetSnapshot().Where(static line => line.Id.Id == 1010).ToArray();
        lines.Length.ShouldBe(expected == HealthStatus.Degraded ? 1 : 0);
        if (expected == HealthStatus.Degraded)
        {
            entry.Description!.ShouldContain("the engine used another code than the server on 100 % of 20 pages since");
            entry.Description!.ShouldContain("set Kameleoon:Engine:AlwaysImposeVisitorCode to true");
            lines[0].Level.ShouldBe(LogLevel.Warning);
            lines[0].Message.ShouldNotContain(Engine);
        }
    }

    [Fact]
    public async Task A_mended_site_is_healthy_again_after_two_hours()
    {
        var clock = new ManualClock();
        await using var handshake = await StartAsync(clock: clock);
        await ReportAsync(handshake, differing: 20, pages: 20);
        handshake.Report.Problem.ShouldNotBeNull();

        await handshake.Site.MoveAsync(TimeSpan.FromHours(1));
        handshake.Report.Problem.ShouldNotBeNull();
        await handshake.Site.MoveAsync(TimeSpan.FromHours(1));
        handshake.Report.Problem.ShouldBeNull();
        handshake.Report.Differed.ShouldBe(0);
    }

    [Fact]
    public async Task A_mended_site_is_healthy_again_after_two_hours_also_if_the_clock_is_set_back()
    {
        var clock = new ManualClock();
        await using var handshake = await StartAsync(clock: clock);
        await ReportAsync(handshake, differing: 20, pages: 20);
        clock.Step = TimeSpan.FromDays(-1);
        handshake.Report.Problem.ShouldNotBeNull();

        await handshake.Site.MoveAsync(TimeSpan.FromHours(2));

        handshake.Report.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task The_report_of_the_experiments_names_the_causes_as_json_and_on_the_page()
    {
        await using var handshake = await StartAsync();
        await ReportAsync(handshake, differing: 20, pages: 20);

        using var report = JsonDocument.Parse(await handshake.Site.ReadAsync("/kameleoon/trust"));
        var page = await handshake.Site.ReadAsync("/kameleoon/trust", ("Accept", "text/html"));

        var identity = report.RootElement.GetProperty("identity");
        identity.GetProperty("pages").GetInt64().ShouldBe(20);
        identity.GetProperty("causes").GetProperty("local_storage").GetInt64().ShouldBe(20);
        identity.GetProperty("problem").GetString()!.ShouldStartWith("Visitor codes: ");
        page.ShouldContain("role=\"alert\">Visitor codes: ");
        page.ShouldContain("another code: local_storage");
    }

    [Fact]
    public async Task The_script_that_compares_adds_less_than_800_bytes_and_runs_the_commands_again_after_a_repair()
    {
        await using var handshake = await StartAsync(static options => options.Trust.Sample = 0.25);

        var page = await handshake.Site.ReadAsAsync(Page, "/page/checkout");

        var script = Regex.Match(page, "<script[^>]*>window.kameleoonQueue.*?</script>", RegexOptions.None, HangGuard.Timeout).Value;
        script.ShouldContain("function c(){window.kameleoonQueue.push(['Experiments.assignVariation',7001,81001,true])");
        script.ShouldContain("fetch(\"/kameleoon/seen?i=1\"");
        script.ShouldContain($"}})(\"{Page}\",0.25,\"\");");
        script.Length.ShouldBeLessThan(700 + 800);
        handshake.Report.Pages.ShouldBe(1);
    }

    [Fact]
    public async Task A_visitor_code_from_a_cookie_cannot_leave_the_script()
    {
        await using var handshake = await StartAsync();

        var page = await handshake.Site.ReadAsAsync("a&b</script>'x", "/page/checkout");
        var odd = await handshake.Site.ReadAsAsync("a&b/(x)", "/page/checkout");

        page.ShouldNotContain("a&b</script>");
        odd.ShouldContain("\"a\\u0026b/(x)\"");
    }

    [Theory]
    [InlineData(-0.1)]
    [InlineData(1.01)]
    [InlineData(double.NaN)]
    public async Task A_share_outside_0_and_1_fails_the_start_with_a_sentence(double sample)
    {
        var start = () => TestSite.StartAsync(options => options.Trust.Sample = sample);

        (await start.ShouldThrowAsync<OptionsValidationException>()).Message.ShouldContain("Kameleoon:Trust:Sample is ");
    }

    [Fact]
    public async Task An_unknown_repair_fails_the_start_with_the_known_ones()
    {
        var start = () => TestSite.StartAsync(static options => options.Trust.Heal = (IdentityHealing)9);

        (await start.ShouldThrowAsync<OptionsValidationException>()).Message
            .ShouldContain("Kameleoon:Trust:Heal is 9. Set it to one of PushServerCode, AdoptEngineCode, None.");
    }

    private static async Task ReportAsync(HandshakeSite handshake, int differing, int pages)
    {
        var comparisons = handshake.Site.App.Services.GetRequiredService<IdentityComparisons>();
        for (var page = 0; page < pages; page++)
        {
            comparisons.CountPage();
        }

        for (var page = 0; page < differing; page++)
        {
            using var _ = await handshake.ReportAsync(Cookies([Engine], Page), $"l\n{Page}\n{Engine}");
        }
    }

    private static async Task<HealthReportEntry> CheckAsync(TestSite site) =>
        (await site.App.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync()).Entries["kameleoon-trust"];
}
