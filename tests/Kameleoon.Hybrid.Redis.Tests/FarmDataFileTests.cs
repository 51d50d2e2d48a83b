namespace Kameleoon.Hybrid.Redis.Tests;

/// <summary>The servers of a farm are one client of the platform.</summary>
public sealed class FarmDataFileTests : FarmTests
{
    [Fact]
    public async Task One_of_three_servers_asks_the_platform_and_the_others_have_an_edit_from_it()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await using var c = await StartAsync();
        await Eventually.IsTrueAsync(() => a.Has("first") && b.Has("first") && c.Has("first"));
        Platform.Requests.ShouldBe(1);

        Platform.Serve(FarmPlatform.With("second", 1));
        (await a.Configuration.RefreshAsync()).ShouldBeTrue();

        await Eventually.IsTrueAsync(() => a.Has("second") && b.Has("second") && c.Has("second"));
        Platform.Requests.ShouldBe(2);
        a.Role.ShouldBe(FarmRole.Holder);
        b.Configuration.Source.ShouldBe(DataFileSource.Farm);
        (await a.HealthAsync()).ShouldBe("This server fetches the data file for all.");
        (await c.HealthAsync()).ShouldBe("Another server fetches the data file.");
    }

    [Fact]
    public async Task A_server_that_does_not_fetch_asks_the_platform_when_the_application_wants_it_and_tells_all()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await using var c = await StartAsync();
        await Eventually.IsTrueAsync(() => b.Has("first") && c.Has("first"));

        Platform.Serve(FarmPlatform.With("second", 1));
        (await b.Configuration.RefreshAsync()).ShouldBeTrue();

        b.Has("second").ShouldBeTrue();
        b.Configuration.Source.ShouldBe(DataFileSource.Polling);
        await Eventually.IsTrueAsync(() => a.Has("second") && c.Has("second"));
        b.Role.ShouldBe(FarmRole.Follower);
    }

    [Fact]
    public async Task A_confirmation_of_one_server_makes_the_data_file_of_all_younger()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await Eventually.IsTrueAsync(() => b.Has("first"));
        var before = Confirmed(b);

        (await a.Configuration.RefreshAsync()).ShouldBeTrue();

        await Eventually.IsTrueAsync(() => Confirmed(b) > before);
        Platform.Requests.ShouldBe(2);
    }

    [Fact]
    public async Task Only_the_server_that_fetches_listens_to_the_event_stream_and_another_follows_it()
    {
        await using var a = await StartAsync(Streaming);
        await using var b = await StartAsync(Streaming);
        await using var c = await StartAsync(Streaming);
        await Eventually.IsTrueAsync(() => Platform.Streams == 1 && b.Has("first") && c.Has("first"));

        Platform.Serve(FarmPlatform.With("second", 1));
        await Eventually.IsTrueAsync(() => a.Has("second") && b.Has("second") && c.Has("second"));
        Platform.Streams.ShouldBe(1);

        await a.DisposeAsync();
        await Eventually.IsTrueAsync(() => b.Role == FarmRole.Holder || c.Role == FarmRole.Holder);
        await Eventually.IsTrueAsync(() => Platform.Streams == 1);
        Platform.Serve(FarmPlatform.With("third", 2));

        await Eventually.IsTrueAsync(() => b.Has("third") && c.Has("third"));
    }

    [Fact]
    public async Task A_server_takes_over_when_the_lease_of_one_that_died_expires()
    {
        await Redis.ExecuteAsync("SET", Lease, "a server that died", "PX", 300_000);
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        a.Role.ShouldBe(FarmRole.Follower);
        var asked = Platform.Requests;

        await Redis.ExecuteAsync("PEXPIRE", Lease, 1);

        await Eventually.IsTrueAsync(() => (a.Role, b.Role) is (FarmRole.Holder, FarmRole.Follower) or (FarmRole.Follower, FarmRole.Holder));
        await Eventually.IsTrueAsync(() => Platform.Requests > asked);
        (a.Has("first") && b.Has("first")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_server_without_a_disk_starts_during_an_outage_of_the_platform()
    {
        await using (var a = await StartAsync())
        {
            await Eventually.IsTrueAsync(() => a.Has("first"));
        }

        await Platform.DownAsync();
        await using var b = await StartAsync(static options => options.Configuration.Start = StartMode.Require);

        b.Has("first").ShouldBeTrue();
        b.Log.Texts(109).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Each_server_asks_the_platform_while_redis_is_dead_and_one_does_again_once_it_is_back()
    {
        await using var a = await StartAsync(Impatient);
        await using var b = await StartAsync(Impatient);
        await Eventually.IsTrueAsync(() => a.Has("first") && b.Has("first"));

        await Redis.KillAsync();
        Platform.Serve(FarmPlatform.With("second", 1));

        await Eventually.IsTrueAsync(() => a.Has("second") && b.Has("second"));
        b.Configuration.Source.ShouldBe(DataFileSource.Polling);
        (await b.HealthAsync()).ShouldStartWith("This server fetches the data file for itself. ");
        await Redis.StartAsync();
        await Eventually.IsTrueAsync(() => a.Log.Texts(122).Any() && b.Log.Texts(122).Any());
        Platform.Serve(FarmPlatform.With("third", 2));

        await Eventually.IsTrueAsync(() => a.Has("third") && b.Has("third"));
        await Eventually.IsTrueAsync(() => b.Log.Texts(121).Count() == b.Log.Texts(122).Count());
        await Eventually.IsTrueAsync(() => (a.Role, b.Role) is (FarmRole.Holder, FarmRole.Follower) or (FarmRole.Follower, FarmRole.Holder));
    }

    [Fact]
    public async Task A_server_starts_while_redis_is_dead_and_shares_its_data_file_later()
    {
        await Redis.KillAsync();
        await using var a = await FarmSite.StartAsync(
            Platform, kameleoon => kameleoon.AddRedisStore(Redis.Address), timeout: TimeSpan.FromMilliseconds(100));
        await Eventually.IsTrueAsync(() => a.Has("first"));
        await Redis.StartAsync();

        await Eventually.IsTrueAsync(async () => (long)await Redis.ExecuteAsync("EXISTS", Copy()) == 1);
        await Platform.DownAsync();
        await using var b = await StartAsync();

        b.Has("first").ShouldBeTrue();
    }

    [Fact]
    public async Task An_older_answer_of_the_platform_is_refused()
    {
        Platform.Serve(FarmPlatform.With("second", 1));
        await using var a = await StartAsync();
        await Eventually.IsTrueAsync(() => a.Has("second"));

        Platform.Serve(FarmPlatform.With("first"));
        await a.Configuration.RefreshAsync();
        await a.Configuration.RefreshAsync();

        a.Has("second").ShouldBeTrue();
        a.Log.Texts(124).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_server_that_does_not_reach_the_platform_lets_another_fetch()
    {
        await using var a = await StartAsync();
        await using var b = await StartAsync();
        await Eventually.IsTrueAsync(() => b.Has("first"));
        await Platform.DownAsync();

        (await a.Configuration.RefreshAsync()).ShouldBeFalse();

        a.Role.ShouldBe(FarmRole.Follower);
        (await Redis.ExecuteAsync("GET", Lease)).ToString().ShouldBeEmpty();
        ((long)await Redis.ExecuteAsync("PTTL", Lease)).ShouldBeInRange(1, 900_000);
        await Platform.UpAsync();
        await Redis.ExecuteAsync("DEL", Lease);
        await Eventually.IsTrueAsync(() => (a.Role, b.Role) is (FarmRole.Holder, FarmRole.Follower) or (FarmRole.Follower, FarmRole.Holder));
    }

    [Fact]
    public async Task A_copy_that_no_server_confirms_any_more_counts_as_a_failure()
    {
        await Redis.ExecuteAsync("SET", Lease, "a server without a network");
        await using var a = await StartAsync();
        await Eventually.IsTrueAsync(() => a.Has("first"));

        await Redis.ExecuteAsync("HSET", Copy(), "confirmed", 1);
        a.Services.GetRequiredService<RefreshSignal>().Wake();

        await Eventually.IsTrueAsync(() => a.Log.Texts(102).Any(static text => text.Contains("fetches the data file for all", StringComparison.Ordinal)));
        a.Has("first").ShouldBeTrue();
    }

    [Fact]
    public async Task A_failure_before_the_clock_was_set_back_does_not_keep_a_server_from_what_others_fetch()
    {
        await using var a = await StartAsync();
        var ahead = new SettableClock { Step = TimeSpan.FromHours(1) };
        await using var b = await FarmSite.StartAsync(Platform, kameleoon =>
        {
            kameleoon.Services.AddSingleton<TimeProvider>(ahead);
            return kameleoon.AddRedisStore(Redis.Address);
        });
        await Eventually.IsTrueAsync(() => a.Role == FarmRole.Holder && b.Has("first"));
        await Platform.DownAsync();
        (await b.Configuration.RefreshAsync()).ShouldBeFalse();
        ahead.Step = TimeSpan.Zero;
        await Platform.UpAsync();

        Platform.Serve(FarmPlatform.With("second", 1));
        (await a.Configuration.RefreshAsync()).ShouldBeTrue();

        await Eventually.IsTrueAsync(() => b.Has("second"));
    }

    private static DateTimeOffset Confirmed(FarmSite site) => site.Services.GetRequiredService<ConfigurationStore>().ConfirmedAt;

    private static void Streaming(KameleoonOptions options) => options.Configuration.Mode = ConfigurationMode.Streaming;

    private static void Impatient(KameleoonOptions options) => options.RefreshInterval = TimeSpan.FromSeconds(1);

    private sealed class SettableClock : TimeProvider
    {
        internal TimeSpan Step { get; set; }

        public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Step;
    }
}
