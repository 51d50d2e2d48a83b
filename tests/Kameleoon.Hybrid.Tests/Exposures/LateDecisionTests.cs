namespace Kameleoon.Hybrid.Tests;

/// <summary>Decisions after the response has started, or after an error page has replaced it, count once or not at all.</summary>
public sealed class LateDecisionTests
{
    private static readonly (string, string) Anna = ("Cookie", "kameleoonVisitorCode=anna");

    [Theory]
    [InlineData("GET", "redirect", null, null)]
    [InlineData("HEAD", "json", null, "head")]
    [InlineData("GET", "json", "Sec-Purpose", "unseen")]
    public async Task A_second_decision_of_a_flag_after_the_start_adds_nothing(string method, string answer, string? header, string? dropped)
    {
        await using var site = await StartAsync(answer, client => client.GetVariation("checkout"));

        using var _ = await site.SendAsync(new HttpMethod(method), "/", header is null ? [Anna] : [Anna, (header, "prefetch")]);

        await AssertOnceAsync(site, dropped);
    }

    [Theory]
    [InlineData("HEAD", null, "head")]
    [InlineData("GET", "Sec-Purpose", "unseen")]
    [InlineData("GET", null, null)]
    public async Task A_first_decision_after_the_start_is_reported_unless_no_person_sees_the_response(
        string method, string? header, string? dropped)
    {
        await using var site = await StartAsync("late", client => client.GetVariation("checkout"));

        using var _ = await site.SendAsync(new HttpMethod(method), "/", header is null ? [Anna] : [Anna, (header, "prefetch")]);

        await AssertOnceAsync(site, dropped);
    }

    [Theory]
    [InlineData("HEAD", null, "head")]
    [InlineData("GET", "Sec-Purpose", "unseen")]
    [InlineData("GET", null, null)]
    public async Task Work_that_outlives_the_response_is_of_the_same_person(string method, string? header, string? dropped)
    {
        IKameleoonClient? kept = null;
        await using var site = await TestSite.StartAsync(map: app => app.MapMethods("/", ["GET", "HEAD"], (IKameleoonClient client) =>
        {
            kept = client;
            client.GetVisitorCode();
        }));
        using var _ = await site.SendAsync(new HttpMethod(method), "/", header is null ? [Anna] : [Anna, (header, "prefetch")]);
        await site.CompletedAsync();

        kept!.GetVariation("checkout");

        await AssertOnceAsync(site, dropped);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_page_that_was_not_modified_is_no_redirect(bool hasTag)
    {
        await using var site = await TestSite.StartAsync(map: app => app.MapGet("/", (IKameleoonClient client, HttpContext context) =>
        {
            client.GetVariation("checkout");
            if (hasTag)
            {
                Pages.Tracking(context).ShouldContain("7001");
            }

            context.Response.Headers.ETag = "\"same\"";
            context.Response.StatusCode = StatusCodes.Status304NotModified;
        }));

        using var _ = await site.GetAsync("/", Anna, ("If-None-Match", "\"same\""));

        // The browser's copy of the page has the same tag.
        await site.CompletedAsync();
        site.Metrics.Values("kameleoon.exposures.reported", "outcome").ShouldBe(hasTag ? Array.Empty<string>() : ["page"]);
        (await site.StopAndReadEventsAsync()).Count.ShouldBe(hasTag ? 0 : 1);
    }

    [Fact]
    public async Task Work_that_decides_while_an_error_page_replaces_the_page_loses_no_exposure()
    {
        const int Rounds = 200;
        string[] flags = ["checkout", "style", "delivery"];
        var works = new List<Task>();
        await using var site = await TestSite.StartAsync(
            before: app => app.UseExceptionHandler(error => error.Run(context => context.Response.WriteAsync("failed"))),
            map: app => app.MapGet("/", async Task<string> (HttpContext context) =>
            {
                var client = RequestVisitor.Of(context).Client;
                var failing = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                works.Add(Task.Run(async () =>
                {
                    await failing.Task;
                    Array.ForEach(flags, flag => client.GetVariation(flag));
                }));
                failing.SetResult();
                await Task.Yield();
                throw new InvalidOperationException("On purpose.");
            }));

        for (var i = 0; i < Rounds; i++)
        {
            using var _ = await site.GetAsync("/", ("Cookie", $"kameleoonVisitorCode=visitor{i}"));
        }

        await Task.WhenAll(works).WaitAsync(HangGuard.Timeout);
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.exposures.reported") >= Rounds * flags.Length);
        var sent = (await site.StopAndReadEventsAsync()).Select(one => (one["visitorCode"], one["variationId"])).ToList();
        sent.Count.ShouldBe(Rounds * flags.Length);
        sent.Distinct().Count().ShouldBe(sent.Count);
    }

    private static async Task AssertOnceAsync(TestSite site, string? dropped)
    {
        await site.CompletedAsync();
        (await site.StopAndReadEventsAsync()).Count(sent => sent["eventType"] == "experiment").ShouldBe(dropped is null ? 1 : 0);
        site.Metrics.Values("kameleoon.events.dropped", "reason").ShouldBe(dropped is null ? Array.Empty<string>() : [dropped]);
    }

    private static Task<TestSite> StartAsync(string answer, Action<IKameleoonClient> later) => TestSite.StartAsync(
        map: app => app.MapMethods("/", ["GET", "HEAD"], async (IKameleoonClient client, HttpContext context) =>
        {
            if (answer != "late")
            {
                client.GetVariation("checkout");
            }

            context.Response.ContentType = "application/json";
            if (answer == "redirect")
            {
                context.Response.Redirect("/");
            }

            await context.Response.StartAsync();
            later(client);
            await context.Response.CompleteAsync();
        }));
}
