using Microsoft.AspNetCore.OutputCaching;
using Microsoft.Extensions.Logging.Testing;

namespace Kameleoon.Hybrid.Tests;

/// <summary>No page waits long for a store of the output cache that is away.</summary>
public sealed class BoundedOutputCacheStoreTests : IDisposable
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(150);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private readonly ManualClock _clock = new();
    private readonly SlowStore _slow = new();
    private readonly FakeLogCollector _log = new();

    [Fact]
    public async Task A_page_waits_once_for_a_store_that_never_answers_and_the_next_pages_do_not()
    {
        var store = Bounded();

        (await AwaitAsync(store)).ShouldBeNull();
        (await store.GetAsync("page", default)).ShouldBeNull();
        await store.SetAsync("page", [1], null, Pause, default);

        _slow.Calls.ShouldBe(1);
        _log.Texts().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task After_the_pause_one_page_tries_the_store_again_and_finds_it_back()
    {
        var store = Bounded();
        await AwaitAsync(store);

        _clock.Advance(Pause);
        var probe = store.GetAsync("page", default);
        await Eventually.IsTrueAsync(() => _slow.Calls == 2);
        (await store.GetAsync("other", default)).ShouldBeNull();
        await _clock.AdvanceWhenAwaitedAsync(Timeout);
        (await probe).ShouldBeNull();
        _slow.Calls.ShouldBe(2);

        _slow.IsBack = true;
        (await store.GetAsync("page", default)).ShouldBeNull();
        _slow.Calls.ShouldBe(2);
        _clock.Advance(Pause);
        (await store.GetAsync("page", default)).ShouldBe([7]);
        await store.SetAsync("page", [1], null, Pause, default);

        _slow.Stored.ShouldBe(1);
        _log.GetSnapshot().Select(static line => line.Id.Id).ShouldBe([228, 229]);
    }

    [Fact]
    public async Task A_request_that_is_aborted_says_nothing_of_the_store()
    {
        var store = Bounded();
        using var aborted = new CancellationTokenSource();

        var asking = store.GetAsync("page", aborted.Token).AsTask();
        await aborted.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => asking);
        _log.Texts().ShouldBeEmpty();
    }

    [Fact]
    public async Task A_store_that_throws_costs_one_call_and_removing_copies_tells_the_application()
    {
        _slow.Failure = new InvalidOperationException("The store is broken.");
        await using var site = await StartAsync();

        (await site.ReadAsync("/page")).ShouldBe("made");
        (await site.ReadAsync("/page")).ShouldBe("made");

        _slow.Calls.ShouldBe(1);
        site.Log.Texts(228).ShouldHaveSingleItem().ShouldContain("The store is broken.");
        await Should.ThrowAsync<InvalidOperationException>(
            () => site.App.Services.GetRequiredService<IOutputCacheStore>().EvictByTagAsync("tag", default).AsTask());
    }

    [Fact]
    public void A_limit_needs_a_store_and_a_time()
    {
        var services = new ServiceCollection();
        var builder = services.AddKameleoonHybrid(static _ => { });

        Should.Throw<InvalidOperationException>(() => builder.AddOutputCacheTimeout()).Message.ShouldContain("AddOutputCache");
        services.AddOutputCache();
        Should.Throw<ArgumentOutOfRangeException>(() => builder.AddOutputCacheTimeout(TimeSpan.Zero));
        Should.Throw<ArgumentOutOfRangeException>(() => builder.AddOutputCacheTimeout(TimeSpan.FromMinutes(2)));
        builder.AddOutputCacheTimeout();

        using var provider = services.AddLogging().BuildServiceProvider();
        provider.GetRequiredService<IOutputCacheStore>().ShouldBeOfType<BoundedOutputCacheStore>();
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 0)]
    public async Task The_container_disposes_of_a_store_that_it_made_and_of_no_other(bool isMade, int times)
    {
        var services = new ServiceCollection().AddLogging();
        services = isMade ? services.AddSingleton<IOutputCacheStore>(_ => _slow) : services.AddSingleton<IOutputCacheStore>(_slow);
        services.AddKameleoonHybrid(static _ => { }).AddOutputCacheTimeout().AddOutputCacheTimeout();

        await using (var provider = services.BuildServiceProvider())
        {
            _slow.IsBack = true;
            (await provider.GetRequiredService<IOutputCacheStore>().GetAsync("page", default)).ShouldBe([7]);
        }

        _slow.Disposals.ShouldBe(times);
    }

    public void Dispose() => _slow.Dispose();

    private BoundedOutputCacheStore Bounded() =>
        new(_slow, Timeout, _clock, new FakeLogger<BoundedOutputCacheStore>(_log));

    private async Task<byte[]?> AwaitAsync(BoundedOutputCacheStore store)
    {
        var asking = store.GetAsync("page", default);
        await Eventually.IsTrueAsync(() => _slow.Calls == 1);
        await _clock.AdvanceWhenAwaitedAsync(Timeout);
        return await asking;
    }

    private Task<TestSite> StartAsync() => TestSite.StartAsync(
        platform: DataFiles.Serving(DataFiles.Shop),
        kameleoon: kameleoon =>
        {
            kameleoon.Services.AddOutputCache().AddSingleton<IOutputCacheStore>(_slow);
            kameleoon.AddOutputCacheTimeout();
        },
        map: app =>
        {
            app.UseOutputCache();
            app.MapGet("/page", static () => "made").CacheOutput();
        });

    /// <summary>A store that never answers, throws, or works.</summary>
    private sealed class SlowStore : IOutputCacheStore, IDisposable
    {
        private int _calls;

        internal int Calls => Volatile.Read(ref _calls);

        internal int Stored { get; private set; }

        internal int Disposals { get; private set; }

        internal bool IsBack { get; set; }

        internal Exception? Failure { get; set; }

        public async ValueTask<byte[]?> GetAsync(string key, CancellationToken cancellationToken)
        {
            await CallAsync();
            return [7];
        }

        public async ValueTask SetAsync(
            string key, byte[] value, string[]? tags, TimeSpan validFor, CancellationToken cancellationToken)
        {
            await CallAsync();
            Stored++;
        }

        public ValueTask EvictByTagAsync(string tag, CancellationToken cancellationToken) => new(CallAsync());

        public void Dispose() => Disposals++;

        private Task CallAsync()
        {
            Interlocked.Increment(ref _calls);
            return Failure is { } failure
                ? Task.FromException(failure)
                : IsBack ? Task.CompletedTask : new TaskCompletionSource().Task;
        }
    }
}
