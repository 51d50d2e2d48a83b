using static Kameleoon.Hybrid.Tests.HandshakeSite;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The server finds out why the engine of a page uses another visitor code, and repairs it.</summary>
public sealed class HandshakeTests
{
    [Theory]
    [InlineData("", null, "", "cookie_lost", 204)]
    [InlineData("engine0", null, "", "cookie_lost", 204)]
    [InlineData("engine0", "page0", "", "cookie_lost", 200)]
    [InlineData("engine0", "page0", "l", "local_storage", 200)]
    [InlineData("page0", "page0", "s", "sign_in", 200)]
    [InlineData("page0 engine0", "page0", "", "two_cookies", 200)]
    [InlineData("page0", "page0", "x", "hidden_cookie", 200)]
    [InlineData("engine0", "engine0", "l", "replayed", 204)]
    [InlineData("page0", null, "", "unknown", 200)]
    [InlineData("page0", "page0", "r", "unknown", 204)]
    public async Task Each_difference_is_counted_by_its_cause_and_repaired_for_the_browser_that_has_the_code(
        string codes, string? stamp, string signs, string cause, int status)
    {
        await using var handshake = await StartAsync();

        using var answer = await handshake.ReportAsync(
            Cookies(codes.Split(' ', StringSplitOptions.RemoveEmptyEntries), stamp), $"{signs}\n{Page}\n{Engine}");

        ((int)answer.StatusCode).ShouldBe(status);
        var report = handshake.Report;
        report.Causes.Where(static one => one.Value > 0).ShouldHaveSingleItem().ShouldBe(new(cause, 1));
        report.Repairs[status == 200 ? "pushed" : "none"].ShouldBe(1);
        handshake.Site.Metrics.Sum("kameleoon.identity.comparisons", "cause", cause).ShouldBe(1);
    }

    [Fact]
    public async Task A_code_that_may_not_be_kept_without_consent_is_counted_and_left_alone()
    {
        await using var handshake = await StartAsync(dataFile: ArmsSite.DataFile(requiresConsent: true));

        using var answer = await handshake.ReportAsync(Cookies([Page], Page));

        ((int)answer.StatusCode).ShouldBe(204);
        handshake.Report.Causes["consent"].ShouldBe(1);
    }

    [Fact]
    public async Task A_cookie_that_the_engine_has_replaced_is_written_again_by_the_server()
    {
        await using var handshake = await StartAsync();

        using var answer = await handshake.ReportAsync(Cookies([Engine], Page), $"l\n{Page}\n{Engine}");

        answer.Headers.GetValues("Set-Cookie").ShouldContain(static cookie => cookie.StartsWith($"kameleoonVisitorCode={Page};"));
        answer.Headers.CacheControl!.NoStore.ShouldBeTrue();
    }

    [Fact]
    public async Task One_pair_of_codes_is_repaired_once_a_session()
    {
        var clock = new ManualClock();
        await using var handshake = await StartAsync(clock: clock);

        (await StatusAsync()).ShouldBe(200);
        (await StatusAsync()).ShouldBe(204);
        await handshake.Site.MoveAsync(TimeSpan.FromHours(2));
        (await StatusAsync()).ShouldBe(200);

        async Task<int> StatusAsync()
        {
            using var answer = await handshake.ReportAsync(Cookies([Page]));
            return (int)answer.StatusCode;
        }
    }

    [Fact]
    public async Task The_engine_s_code_is_written_into_the_cookie_where_the_settings_say_so()
    {
        await using var handshake = await StartAsync(static options => options.Trust.Heal = IdentityHealing.AdoptEngineCode);

        using var answer = await handshake.ReportAsync(Cookies([Page], Page));

        ((int)answer.StatusCode).ShouldBe(201);
        answer.Headers.GetValues("Set-Cookie").ShouldContain(static cookie => cookie.StartsWith($"kameleoonVisitorCode={Engine};"));
        handshake.Report.Repairs["adopted"].ShouldBe(1);
    }

    [Theory]
    [InlineData("page0", null, 201)]
    [InlineData("", "page0", 201)]
    [InlineData("engine0", "page0", 201)]
    [InlineData("", null, 204)]
    [InlineData("engine0", null, 204)]
    [InlineData("other0", "other0", 204)]
    public async Task The_engine_s_code_is_adopted_only_by_a_browser_that_has_the_page_s_code(string code, string? stamp, int status)
    {
        await using var handshake = await StartAsync(static options => options.Trust.Heal = IdentityHealing.AdoptEngineCode);

        using var answer = await handshake.ReportAsync(Cookies(code.Length > 0 ? [code] : [], stamp));

        ((int)answer.StatusCode).ShouldBe(status);
        answer.Headers.Contains("Set-Cookie").ShouldBe(status == 201);
    }

    [Theory]
    [InlineData("a%2Fb")]
    [InlineData("a=b")]
    public async Task A_code_that_an_address_could_not_carry_is_not_adopted(string engine)
    {
        await using var handshake = await StartAsync(static options => options.Trust.Heal = IdentityHealing.AdoptEngineCode);

        using var answer = await handshake.ReportAsync(Cookies([Page], Page), $"\n{Page}\n{engine}");

        ((int)answer.StatusCode).ShouldBe(200);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Theory]
    [InlineData("\n")]
    [InlineData("s\n")]
    public async Task Without_consent_no_cookie_is_written_whatever_the_cause(string signs)
    {
        await using var handshake = await StartAsync(
            static options => options.Trust.Heal = IdentityHealing.AdoptEngineCode, ArmsSite.DataFile(requiresConsent: true));

        using var answer = await handshake.ReportAsync(Cookies([Page, "page1"]), $"{signs}{Page}\n{Engine}");

        ((int)answer.StatusCode).ShouldBe(204);
        answer.Headers.Contains("Set-Cookie").ShouldBeFalse();
    }

    [Fact]
    public async Task The_code_of_a_user_whom_the_application_links_is_never_given_up()
    {
        await using var handshake = await StartAsync(static options =>
        {
            options.Trust.Heal = IdentityHealing.AdoptEngineCode;
            options.LinkedVisitorCode = static _ => new(Page);
        });

        using var answer = await handshake.ReportAsync(Cookies([Page], Page));

        ((int)answer.StatusCode).ShouldBe(200);
    }

    [Fact]
    public async Task Without_a_repair_differences_are_only_counted()
    {
        await using var handshake = await StartAsync(static options => options.Trust.Heal = IdentityHealing.None);

        using var answer = await handshake.ReportAsync(Cookies([Page]));

        ((int)answer.StatusCode).ShouldBe(204);
        handshake.Report.Repairs["none"].ShouldBe(1);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(0.5, 1)]
    public async Task Equal_codes_are_counted_where_pages_report_them(double sample, int counted)
    {
        await using var handshake = await StartAsync(options => options.Trust.Sample = sample);

        using var answer = await handshake.ReportAsync(Cookies([Page]), $"\n{Page}\n{Page}");

        ((int)answer.StatusCode).ShouldBe(204);
        handshake.Report.Agreed.ShouldBe(counted);
        handshake.Report.Differed.ShouldBe(0);
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Dest", "document")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task A_report_of_another_page_is_not_believed(string header, string value)
    {
        await using var handshake = await StartAsync();

        using var answer = await handshake.ReportAsync(Cookies([Page]), headers: (header, value));

        ((int)answer.StatusCode).ShouldBe(204);
        handshake.Report.Differed.ShouldBe(0);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("\npage0")]
    [InlineData("\npage0\nengine0\nmore")]
    [InlineData("\npage0\n<script>")]
    [InlineData("\npage0\na;b")]
    [InlineData("\npage0\n\u00e9")]
    [InlineData("\npage0\n\0")]
    [InlineData("lllllllll\npage0\nengine0")]
    public async Task A_report_without_two_valid_codes_is_not_counted(string body)
    {
        await using var handshake = await StartAsync();

        using var answer = await handshake.ReportAsync(Cookies([Page]), body);

        ((int)answer.StatusCode).ShouldBe(204);
        handshake.Report.Differed.ShouldBe(0);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_that_is_too_long_is_not_read_to_its_end(bool hasLength)
    {
        await using var handshake = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/kameleoon/seen?i=1")
        {
            Content = new StringContent($"\n{Page}\n{new string('e', 10_000_000)}"),
        };
        request.Headers.Add("Sec-Fetch-Site", "same-origin");
        request.Headers.TransferEncodingChunked = !hasLength;

        using var answer = await handshake.Site.Http.SendAsync(request);

        ((int)answer.StatusCode).ShouldBe(204);
        handshake.Report.Differed.ShouldBe(0);
    }

    [Fact]
    public async Task Bots_report_nothing()
    {
        await using var handshake = await StartAsync(static options => options.Bots.Detect = true);

        using var answer = await handshake.ReportAsync(
            Cookies([Page]), headers: [("Sec-Fetch-Site", "same-origin"), ("User-Agent", Agents.Googlebot)]);

        handshake.Report.Differed.ShouldBe(0);
    }

    [Fact]
    public async Task Without_trust_a_report_is_ignored_and_pages_compare_nothing()
    {
        await using var site = await TestSite.StartAsync();

        using var answer = await site.SendAsync(HttpMethod.Post, "/kameleoon/seen?i=1", ("Sec-Fetch-Site", "same-origin"));
        var page = await site.ReadAsAsync(Page, "/page/checkout");

        ((int)answer.StatusCode).ShouldBe(204);
        page.ShouldContain("assignVariation");
        page.ShouldNotContain("?i=1");
        page.ShouldNotContain(Page);
    }
}
