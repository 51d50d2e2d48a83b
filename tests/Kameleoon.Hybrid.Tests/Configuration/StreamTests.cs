namespace Kameleoon.Hybrid.Tests;

/// <summary>The event stream is read as the platform writes it, and nothing it says does harm.</summary>
public sealed class StreamTests : IDisposable
{
    private readonly ManualClock _clock = new();
    private readonly StubPlatform _platform = new();

    public void Dispose() => _platform.Dispose();

    [Fact]
    public async Task The_stream_is_asked_for_as_the_platform_expects_and_each_connection_asks_for_the_data_file_once()
    {
        await using var site = await StartAsync(new StubStream());

        var request = await _platform.UntilAsync(sent => sent.Url.AbsolutePath == "/sse");
        request.Url.AbsoluteUri.ShouldBe("https://events.kameleoon.eu:8110/sse?siteCode=abcde12345");
        request.Headers["Accept"].ShouldBe("text/event-stream");
        request.Headers["Cache-Control"].ShouldBe("no-cache");
        await RefreshesAsync(site, 2);
        Polls().Count.ShouldBe(2);
    }

    [Fact]
    public async Task An_announcement_is_answered_with_a_request_of_its_timestamp_and_old_or_foreign_ones_are_not()
    {
        var stream = new StubStream();
        await using var site = await StartAsync(stream);
        await RefreshesAsync(site, 2);

        await stream.AnnounceAsync(1000);
        await RefreshesAsync(site, 3);
        await stream.AnnounceAsync(1000);
        await RefreshesAsync(site, 4);
        await stream.AnnounceAsync(999);
        await stream.AnnounceAsync(2000, siteCode: "other");
        await stream.SayAsync("event: configuration-update-event\ndata: {\"ts\":\n\n");
        await stream.SayAsync("event: something-else\ndata: {\"ts\":5000}\n\n: a comment\n\n");
        await stream.AnnounceAsync(1001);
        await RefreshesAsync(site, 5);

        Polls().Select(poll => poll.Url.Query).ShouldBe(["", "", "?ts=1000", "?ts=1000", "?ts=1001"]);
        Events(site, "accepted").ShouldBe(3);
        Events(site, "outdated").ShouldBe(1);
        Events(site, "foreign").ShouldBe(1);
        Events(site, "malformed").ShouldBe(1);
    }

    [Fact]
    public async Task A_silent_stream_is_given_up_and_opened_again()
    {
        var streams = new Queue<StubStream>([new(), new()]);
        _platform.Stream = () => streams.Dequeue().Response;
        await using var site = await StartAsync();
        await RefreshesAsync(site, 2); // The stream alone is under way.

        await _clock.MovePastDeadlineAsync(TimeSpan.FromMinutes(5));
        await MoveUntilAsync(site, () => streams.Count == 0);

        await Eventually.IsTrueAsync(() => site.Log.Texts(113).Any());
        site.Log.Texts(112).ShouldHaveSingleItem().ShouldContain("silent for 00:05:00");
        site.Metrics.Sum("kameleoon.configuration.streams.lost", "error.type", "timeout").ShouldBe(1);
    }

    [Fact]
    public async Task A_stream_that_ends_is_opened_again_and_a_replayed_announcement_is_asked_for_again()
    {
        var streams = new Queue<StubStream>([new(), new()]);
        var (first, second) = (streams.ElementAt(0), streams.ElementAt(1));
        _platform.Stream = () => streams.Dequeue().Response;
        await using var site = await StartAsync();
        await first.AnnounceAsync(1000);
        await Eventually.IsTrueAsync(() => Events(site, "accepted") == 1);

        await first.EndAsync();
        await MoveUntilAsync(site, () => streams.Count == 0);
        await second.AnnounceAsync(1000);

        await Eventually.IsTrueAsync(() => Events(site, "accepted") == 2);
        await Eventually.IsTrueAsync(() => Polls().Count(static poll => poll.Url.Query == "?ts=1000") == 2);
        Events(site, "outdated").ShouldBe(0);
    }

    [Fact]
    public async Task A_stream_that_brings_much_and_no_event_is_given_up()
    {
        var stream = new StubStream();
        await using var site = await StartAsync(stream);
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);

        _ = stream.SayAsync("data: " + new string('x', 2 * 1024 * 1024));

        await Eventually.IsTrueAsync(
            () => site.Metrics.Sum("kameleoon.configuration.streams.lost", "error.type", "invalid_content") == 1);
    }

    [Fact]
    public async Task Stopping_ends_an_open_stream()
    {
        await using var site = await StartAsync(new StubStream());
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.streams") == 1);

        await site.App.StopAsync().WaitAsync(HangGuard.Timeout);

        site.Metrics.Sum("kameleoon.configuration.streams").ShouldBe(0);
        site.Log.Texts(112).ShouldBeEmpty();
    }

    private async Task<TestSite> StartAsync(StubStream? stream = null)
    {
        if (stream is not null)
        {
            _platform.Stream = () => stream.Response;
        }

        return await TestSite.StartAsync(
            options => options.Configuration.Mode = ConfigurationMode.Streaming, platform: _platform, clock: _clock);
    }

    private static Task MoveUntilAsync(TestSite site, Func<bool> condition) => Eventually.IsTrueAsync(async () =>
    {
        await site.MoveAsync(condition() ? TimeSpan.Zero : TimeSpan.FromSeconds(5));
        return condition();
    });

    private List<SentRequest> Polls() => [.. _platform.Requests.Where(request => request.IsDataFile)];

    private static double Events(TestSite site, string outcome) =>
        site.Metrics.Sum("kameleoon.configuration.stream.events", "outcome", outcome);

    private static Task RefreshesAsync(TestSite site, int count) =>
        Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.refreshes") == count);
}
