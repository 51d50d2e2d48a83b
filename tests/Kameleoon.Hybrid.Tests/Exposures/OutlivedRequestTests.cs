namespace Kameleoon.Hybrid.Tests;

/// <summary>Work that outlives its request uses the client while the server already takes the next request.</summary>
public sealed class OutlivedRequestTests
{
    [Fact]
    public async Task A_call_that_reads_the_request_reads_it_to_the_end()
    {
        var detector = new PausedDetector();
        await using var site = await TestSite.StartAsync(
            options => options.Bots.Detect = true,
            services: services => services.AddSingleton<IBotDetector>(detector),
            map: app =>
            {
                app.MapGet("/", async (IKameleoonClient client) =>
                {
                    detector.Working = Task.Run(() =>
                    {
                        detector.Pauses.Value = true;
                        client.AddData(new CustomData(1, "x"));
                    });
                    await detector.Entered.Task;
                    return "";
                });
                app.MapGet("/next", () => "");
            });
        await site.ReadAsync("/", ("User-Agent", "first"));

        // Where the end of the request does not wait, the server takes this one with the same objects.
        var next = site.ReadAsync("/next", ("User-Agent", "second"));
        await Task.WhenAny(next, Task.Delay(TimeSpan.FromMilliseconds(200)));
        detector.Continue.SetResult();
        await detector.Working!.WaitAsync(HangGuard.Timeout);
        await next;

        detector.Agent.ShouldBe("first");
    }

    [Fact]
    public async Task Decisions_around_the_end_of_their_request_never_throw_and_are_reported_once()
    {
        const int Rounds = 300;
        string[] flags = ["checkout", "style", "delivery"];
        var works = new List<Task>();
        await using var site = await TestSite.StartAsync(map: app => app.MapGet("/", (HttpContext context) =>
        {
            var client = RequestVisitor.Of(context).Client;
            works.Add(Task.Run(() =>
            {
                foreach (var flag in flags)
                {
                    Thread.SpinWait(2000);
                    client.GetVariation(flag);
                }
            }));
            return "";
        }));

        for (var i = 0; i < Rounds; i++)
        {
            await site.ReadAsync("/", ("Cookie", $"kameleoonVisitorCode=visitor{i}"));
        }

        await Task.WhenAll(works).WaitAsync(HangGuard.Timeout);
        var sent = (await site.StopAndReadEventsAsync()).Where(static one => one["eventType"] == "experiment")
            .Select(static one => (one["visitorCode"], one["variationId"])).ToList();
        sent.Count.ShouldBe(Rounds * flags.Length);
        sent.Distinct().Count().ShouldBe(sent.Count);
    }

    /// <summary>Waits in the work before it reads the request.</summary>
    private sealed class PausedDetector : IBotDetector
    {
        internal TaskCompletionSource Entered { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        internal TaskCompletionSource Continue { get; } = new();

        internal AsyncLocal<bool> Pauses { get; } = new();

        internal Task? Working { get; set; }

        internal string? Agent { get; private set; }

        public bool IsBot(HttpRequest request)
        {
            if (Pauses.Value)
            {
                Entered.TrySetResult();
                Continue.Task.Wait(HangGuard.Timeout);
                Agent = request.Headers.UserAgent.ToString();
            }

            return false;
        }
    }
}
