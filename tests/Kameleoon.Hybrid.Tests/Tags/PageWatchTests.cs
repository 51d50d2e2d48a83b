using System.Diagnostics.Metrics;
using System.Text.RegularExpressions;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The page tells the server of exposures that the engine did not take.</summary>
public sealed class PageWatchTests
{
    private static readonly (string, string) Visitor = ("Cookie", "kameleoonVisitorCode=someone");

    [Fact]
    public async Task The_script_for_one_exposure_has_less_than_700_bytes()
    {
        await using var site = await TestSite.StartAsync();

        var page = await site.ReadAsync("/page/checkout", Visitor);

        var script = Regex.Match(page, "<script[^>]*>window.kameleoonQueue.*?</script>", RegexOptions.None, HangGuard.Timeout).Value;
        script.ShouldContain("['Experiments.assignVariation',7001,81001,true]");
        script.ShouldContain("sendBeacon");
        script.Length.ShouldBeLessThan(700);
    }

    [Fact]
    public async Task What_the_page_says_is_reported_once_a_session_however_often_it_is_said()
    {
        await using var site = await TestSite.StartAsync();
        var address = AddressOf(await site.ReadAsync("/page/checkout", Visitor));

        for (var i = 0; i < 3; i++)
        {
            using var answer = await TellAsync(site, address);
            ((int)answer.StatusCode).ShouldBe(204);
        }

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "seen").ShouldBe(1);
        site.Log.Texts(304).ShouldAllBe(text => text.Contains("repeated", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_message_counts_although_the_page_that_sent_it_has_left_before_the_answer()
    {
        await using var site = await TestSite.StartAsync(before: app => app.Use(async (context, next) =>
        {
            if (HttpMethods.IsPost(context.Request.Method))
            {
                context.RequestAborted = new CancellationToken(canceled: true);
            }

            await next();
        }));
        var address = AddressOf(await site.ReadAsync("/page/checkout", Visitor));

        using var answer = await TellAsync(site, address);

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
    }

    [Theory]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Sec-Fetch-Site", "none")]
    [InlineData("Sec-Fetch-Dest", "document")]
    [InlineData("Sec-Fetch-Dest", "iframe")]
    [InlineData("Origin", "https://elsewhere.example")]
    [InlineData("Origin", "null")]
    public async Task A_message_of_another_page_is_not_believed(string header, string value)
    {
        await using var site = await TestSite.StartAsync();
        var address = AddressOf(await site.ReadAsync("/page/checkout", Visitor));

        using var answer = await site.SendAsync(HttpMethod.Post, address, Visitor, (header, value));

        ((int)answer.StatusCode).ShouldBe(204);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("?e=7001.99")]
    [InlineData("?e=1.81001")]
    [InlineData("?e=-7001.81001")]
    [InlineData("?e=x")]
    [InlineData("")]
    public async Task Experiments_and_variations_that_the_data_file_does_not_have_are_not_believed(string query)
    {
        await using var site = await TestSite.StartAsync();

        using var answer = await TellAsync(site, "/kameleoon/seen" + query);

        ((int)answer.StatusCode).ShouldBe(204);
        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_the_visitor_s_cookie_nothing_is_reported()
    {
        await using var site = await TestSite.StartAsync();

        using var answer = await site.SendAsync(
            HttpMethod.Post, "/kameleoon/seen?e=7001.81001", ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "empty"));

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
    }

    [Fact]
    public async Task What_the_engine_took_after_all_is_counted_as_a_double_and_not_reported_again()
    {
        await using var site = await TestSite.StartAsync();
        long doubles = 0;
        using var listener = new MeterListener();
        var meters = site.App.Services.GetRequiredService<IMeterFactory>();
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument.Name == "kameleoon.exposures.doubled" && instrument.Meter.Scope == meters)
            {
                self.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, count, _, _) => Interlocked.Add(ref doubles, count));
        listener.Start();
        var address = AddressOf(await site.ReadAsync("/page/checkout", Visitor));

        using var first = await TellAsync(site, address);
        using var second = await TellAsync(site, address + "&d=1");

        doubles.ShouldBe(1);
        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(ExposureOwner.Both)]
    [InlineData(ExposureOwner.Server)]
    public async Task A_page_whose_exposures_the_server_reports_watches_nothing(ExposureOwner owner)
    {
        await using var site = await TestSite.StartAsync(options => options.ExposureBy = owner);

        (await site.ReadAsync("/page/checkout", Visitor)).ShouldNotContain("sendBeacon");
    }

    private static Task<HttpResponseMessage> TellAsync(TestSite site, string address) => site.SendAsync(
        HttpMethod.Post, address, Visitor, ("Sec-Fetch-Site", "same-origin"), ("Sec-Fetch-Dest", "empty"));

    private static string AddressOf(string page) => page.Split(";var u=\"")[1].Split('"')[0].Replace("\\u002B", "+", StringComparison.Ordinal);
}
