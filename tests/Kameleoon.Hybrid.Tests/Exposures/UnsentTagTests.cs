using System.Text;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The server reports the exposures of a tag that rendered and was never sent.</summary>
public sealed class UnsentTagTests
{
    private const string Anna = "anna";

    [Theory]
    [InlineData("head", false)]
    [InlineData("tag", true)]
    [InlineData("all", true)]
    [InlineData("tag first", false)]
    public async Task A_view_that_fails_after_its_first_flush_counts_once(string shows, bool sendsTag)
    {
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await TagSite.StartAsync(before: app => FailAfter(app, isRead.Task));

        var html = await ReadAsync(site, "/Broken?shows=" + shows, sendsTag, isRead);

        html.Contains("7001,81001", StringComparison.Ordinal).ShouldBe(sendsTag);
        (await site.StopAndReadEventsAsync()).Select(sent => sent["variationId"]).ShouldBe(sendsTag ? [] : ["81001"]);
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "error").ShouldBe(sendsTag ? 0 : 1);
    }

    [Theory]
    [InlineData("text", false)]
    [InlineData("code", false)]
    [InlineData("sent before the start", true)]
    public async Task A_handler_that_fails_with_the_tag_in_a_text_counts_once(string tag, bool sendsTag)
    {
        var isRead = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await TestSite.StartAsync(
            before: app => FailAfter(app, isRead.Task),
            map: app => app.MapGet("/", async (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("checkout");
                context.Response.ContentType = "text/html";
                await context.Response.WriteAsync(sendsTag ? Pages.Tracking(context) : "<head></head>");
                await context.Response.Body.FlushAsync();
                var text = tag == "code" ? client.GetEngineTrackingCode() : Pages.Tracking(context);
                text.Contains("7001", StringComparison.Ordinal).ShouldBe(!sendsTag);
                throw new InvalidOperationException("On purpose.");
            }));

        var html = await ReadAsync(site, "/", sendsTag, isRead);

        html.Contains("7001,81001", StringComparison.Ordinal).ShouldBe(sendsTag);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(sendsTag ? 0 : 1);
    }

    [Fact]
    public async Task A_complete_page_without_its_rendered_tag_is_reported_by_the_server()
    {
        await using var site = await TestSite.StartAsync(map: app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            var tag = context.RequestServices.GetRequiredService<TrackingTag>();
            tag.Create(context, tag.Take(context), nonce: null, guardPrerender: false).ShouldNotBeNull();
            return Results.Content("<p>without the tag", "text/html");
        }));

        await site.ReadAsAsync(Anna, "/");

        (await site.StopAndReadEventsAsync()).ShouldHaveSingleItem()["variationId"].ShouldBe("81001");
        site.Metrics.Sum("kameleoon.exposures.reported", "outcome", "page").ShouldBe(1);
    }

    [Fact]
    public async Task A_page_fetched_ahead_whose_tag_is_never_sent_is_discarded_as_unseen()
    {
        await using var site = await TestSite.StartAsync(
            options => options.ExposureBy = ExposureOwner.Server,
            map: app => app.MapGet("/", string (IKameleoonClient client, HttpContext context) =>
            {
                client.GetVariation("checkout");
                Pages.Tracking(context).ShouldContain("7001");
                throw new InvalidOperationException("On purpose.");
            }));

        using var _ = await site.GetAsync("/", ("Cookie", "kameleoonVisitorCode=anna"), ("Sec-Purpose", "prefetch"));

        (await site.StopAndReadEventsAsync()).ShouldBeEmpty();
        site.Metrics.Sum("kameleoon.events.dropped", "reason", "unseen").ShouldBe(1);
    }

    // The end of a connection may overtake its last bytes.
    private static void FailAfter(WebApplication app, Task isRead) => app.Use(async (context, next) =>
    {
        try
        {
            await next();
        }
        catch (InvalidOperationException)
        {
            await isRead.WaitAsync(HangGuard.Timeout);
            throw;
        }
    });

    /// <returns>What the browser got of a response that breaks off.</returns>
    private static async Task<string> ReadAsync(TestSite site, string path, bool sendsTag, TaskCompletionSource isRead)
    {
        if (!sendsTag)
        {
            isRead.SetResult();
        }

        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { { "Cookie", "kameleoonVisitorCode=" + Anna } } };
        var html = new StringBuilder();
        try
        {
            using var response = await site.Http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
            using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
            var buffer = new char[4096];
            while (await reader.ReadAsync(buffer) is > 0 and var count)
            {
                html.Append(buffer, 0, count);
                if (html.ToString().Contains("7001,81001", StringComparison.Ordinal))
                {
                    isRead.TrySetResult();
                }
            }
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            // The response broke off.
        }

        return html.ToString();
    }
}
