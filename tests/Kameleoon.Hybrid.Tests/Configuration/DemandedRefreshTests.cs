using System.Net;

namespace Kameleoon.Hybrid.Tests;

/// <summary>An application can ask for the data file when it wants, without waiting for the interval.</summary>
public sealed class DemandedRefreshTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly ManualClock _clock = new();

    [Fact]
    public async Task A_refresh_puts_the_new_data_file_in_force_before_it_returns()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.DataFile = _ => StubPlatform.Json(SandboxedSite.Edit(1));

        (await site.Configuration.RefreshAsync()).ShouldBeTrue();

        site.Has(edit: 1).ShouldBeTrue();
        site.Configuration.Age.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_refresh_that_fails_says_so_and_keeps_what_is_in_force()
    {
        await using var site = await TestSite.StartAsync(o => o.Resilience.Configuration.Retries = 0, clock: _clock);
        site.Platform.DataFile = _ => new HttpResponseMessage(HttpStatusCode.BadGateway);

        (await site.Configuration.RefreshAsync()).ShouldBeFalse();

        (await site.ReadAsync("/decide/checkout")).ShouldBe("on");
        site.Log.Texts(102).ShouldHaveSingleItem().ShouldContain("502");
    }

    [Fact]
    public async Task Only_a_data_file_older_than_allowed_is_refreshed()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);
        await site.MoveAsync(Minute);

        (await site.Configuration.RefreshIfStaleAsync(Minute)).ShouldBeTrue();
        DataFileRequests(site).ShouldBe(1);

        await site.MoveAsync(TimeSpan.FromSeconds(1));
        (await site.Configuration.RefreshIfStaleAsync(Minute)).ShouldBeTrue();
        DataFileRequests(site).ShouldBe(2);
        site.Configuration.Age.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public async Task A_stale_data_file_that_cannot_be_refreshed_is_told()
    {
        await using var site = await TestSite.StartAsync(o => o.Resilience.Configuration.Retries = 0, clock: _clock);
        site.Platform.DataFile = _ => new HttpResponseMessage(HttpStatusCode.BadGateway);
        await site.MoveAsync(TimeSpan.FromSeconds(2));

        (await site.Configuration.RefreshIfStaleAsync(TimeSpan.FromSeconds(1))).ShouldBeFalse();
    }

    [Fact]
    public async Task A_negative_age_is_refused()
    {
        await using var site = await TestSite.StartAsync(clock: _clock);

        await Should.ThrowAsync<ArgumentOutOfRangeException>(
            () => site.Configuration.RefreshIfStaleAsync(TimeSpan.FromTicks(-1)));
    }

    [Fact]
    public async Task Callers_at_the_same_time_share_a_request_that_begins_after_they_called()
    {
        using var answering = new SemaphoreSlim(0);
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.DataFile = _ =>
        {
            answering.Wait(HangGuard.Timeout).ShouldBeTrue();
            return StubPlatform.Json(DataFiles.Shop);
        };

        var first = site.Configuration.RefreshAsync();
        await Eventually.IsTrueAsync(() => DataFileRequests(site) == 2);
        var others = Enumerable.Range(0, 50).Select(_ => site.Configuration.RefreshAsync()).ToArray();
        answering.Release(2);

        (await Task.WhenAll([first, .. others]).WaitAsync(HangGuard.Timeout)).ShouldAllBe(succeeded => succeeded);
        DataFileRequests(site).ShouldBe(3);
    }

    [Fact]
    public async Task Callers_with_a_stale_data_file_join_the_refresh_that_runs()
    {
        using var answering = new SemaphoreSlim(0);
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.DataFile = _ =>
        {
            answering.Wait(HangGuard.Timeout).ShouldBeTrue();
            return StubPlatform.Json(DataFiles.Shop);
        };
        await site.MoveAsync(TimeSpan.FromSeconds(2));

        var first = site.Configuration.RefreshIfStaleAsync(TimeSpan.FromSeconds(1));
        await Eventually.IsTrueAsync(() => DataFileRequests(site) == 2);
        var others = Enumerable.Range(0, 50)
            .Select(_ => site.Configuration.RefreshIfStaleAsync(TimeSpan.FromSeconds(1))).ToArray();
        answering.Release(2);

        (await Task.WhenAll([first, .. others]).WaitAsync(HangGuard.Timeout)).ShouldAllBe(succeeded => succeeded);
        DataFileRequests(site).ShouldBe(2);
    }

    [Fact]
    public async Task A_caller_that_gives_up_does_not_end_the_refresh_of_others()
    {
        using var answering = new SemaphoreSlim(0);
        await using var site = await TestSite.StartAsync(clock: _clock);
        site.Platform.DataFile = _ =>
        {
            answering.Wait(HangGuard.Timeout).ShouldBeTrue();
            return StubPlatform.Json(SandboxedSite.Edit(1));
        };
        using var impatient = new CancellationTokenSource();
        await site.MoveAsync(TimeSpan.FromSeconds(2));
        var given = site.Configuration.RefreshIfStaleAsync(TimeSpan.FromSeconds(1), impatient.Token);
        await Eventually.IsTrueAsync(() => DataFileRequests(site) == 2);
        var kept = site.Configuration.RefreshIfStaleAsync(TimeSpan.FromSeconds(1));

        await impatient.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(() => given.WaitAsync(HangGuard.Timeout));
        answering.Release(2);

        (await kept.WaitAsync(HangGuard.Timeout)).ShouldBeTrue();
        DataFileRequests(site).ShouldBe(2);
        site.Has(edit: 1).ShouldBeTrue();
    }

    [Fact]
    public async Task A_host_that_never_starts_can_refresh_and_decide()
    {
        using var platform = new StubPlatform();
        var services = new ServiceCollection().AddLogging();
        services
            .AddKameleoonHybrid(options =>
            {
                options.SiteCode = "abcde12345";
                options.Configuration.LastGoodCopy = false;
            })
            .ConfigureHttpClients(http => http.ConfigurePrimaryHttpMessageHandler(() => platform));
        await using var provider = services.BuildServiceProvider();

        (await provider.GetRequiredService<IKameleoonConfiguration>().RefreshIfStaleAsync(Minute)).ShouldBeTrue();

        provider.GetRequiredService<IKameleoonClientFactory>().ForVisitor("someone")
            .GetVariation("checkout", track: false).Key.ShouldBe("on");
    }

    private static int DataFileRequests(TestSite site) => site.Platform.Requests.Count(request => request.IsDataFile);
}
