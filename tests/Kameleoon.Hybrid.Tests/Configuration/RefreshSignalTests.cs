using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>An announced timestamp is asked for, whatever else asks for a refresh at the same time.</summary>
public sealed class RefreshSignalTests
{
    private readonly ManualClock _clock = new();

    [Fact]
    public async Task Requests_that_wait_become_one_with_the_newest_timestamp()
    {
        var signal = new RefreshSignal();
        signal.Raise(5);
        signal.Raise();
        signal.Raise(7);
        signal.Raise(6);
        signal.Wake();

        var request = await NextAsync(signal);
        (request.IsAnnounced, request.Timestamp).ShouldBe((true, 7));
    }

    [Fact]
    public async Task A_wake_alone_announces_nothing_and_nothing_is_asked_for_twice()
    {
        var signal = new RefreshSignal();
        signal.Wake();
        (await NextAsync(signal)).ShouldBe(new DataFileRequest());

        signal.Raise(5);
        await NextAsync(signal);
        var next = NextAsync(signal);
        next.IsCompleted.ShouldBeFalse();
        _clock.Advance(TimeSpan.FromMinutes(1));

        (await next).ShouldBe(new DataFileRequest());
    }

    [Fact]
    public async Task What_failed_is_asked_for_again_when_the_next_refresh_is_due_and_not_before()
    {
        var signal = new RefreshSignal();
        signal.Add(new() { IsAnnounced = true, Timestamp = 5 });
        var next = NextAsync(signal);
        next.IsCompleted.ShouldBeFalse();

        _clock.Advance(TimeSpan.FromMinutes(1));

        var request = await next;
        (request.IsAnnounced, request.Timestamp).ShouldBe((true, 5));
    }

    [Fact]
    public async Task The_timestamp_of_a_failed_refresh_is_asked_for_until_one_succeeds()
    {
        var (platform, stream) = (new StubPlatform(), new StubStream());
        platform.Stream = () => stream.Response;
        await using var site = await TestSite.StartAsync(
            options =>
            {
                options.RefreshInterval = TimeSpan.FromMinutes(4);
                options.Configuration.Mode = Settings.ConfigurationMode.Streaming;
                options.Configuration.HeartbeatTimeout = TimeSpan.FromHours(1); // The stream is silent all the time.
                options.Resilience.Configuration.Retries = 0;
            },
            platform: platform,
            clock: _clock);
        await Eventually.IsTrueAsync(() => site.Metrics.Sum("kameleoon.configuration.refreshes") == 2);
        var (serve, failures) = (platform.DataFile, 2);
        platform.DataFile = request => failures-- > 0 ? new HttpResponseMessage(HttpStatusCode.ServiceUnavailable) : serve(request);

        await stream.AnnounceAsync(1000);
        await platform.UntilAsync(static sent => sent.Url.Query == "?ts=1000"); // Before the interval is over.
        await Eventually.IsTrueAsync(async () =>
        {
            await Task.Delay(10);
            await site.MoveAsync(TimeSpan.FromMinutes(1));
            return platform.Requests.Count(sent => sent.IsDataFile) >= 6;
        });

        platform.Requests.Where(sent => sent.IsDataFile).Select(sent => sent.Url.Query).Take(6)
            .ShouldBe(["", "", "?ts=1000", "?ts=1000", "?ts=1000", ""]);
    }

    private Task<DataFileRequest> NextAsync(RefreshSignal signal) => signal.NextAsync(TimeSpan.FromSeconds(5), _clock, default);
}
