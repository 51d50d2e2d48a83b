namespace Kameleoon.Hybrid.Identity.Tests;

/// <summary>What waits while the store is away.</summary>
[Collection(nameof(Databases))]
public sealed class DeferredLinkTests(PostgreSqlServer postgres) : IAsyncLifetime
{
    private Store _database = null!;
    private IdentitySite _site = null!;

    public async Task InitializeAsync()
    {
        _database = await Store.CreateAsync("SQLite", postgres);
        _site = await IdentitySite.StartAsync(_database.AddTo, services: TroubledStore.Use);
    }

    public async Task DisposeAsync()
    {
        await _site.DisposeAsync();
        _database.Dispose();
    }

    [Fact]
    public async Task Who_came_first_with_a_code_has_it_once_the_store_is_back()
    {
        var attempts = 0;
        TroubledStore.Of(_site).Before = call =>
        {
            attempts += call == nameof(IVisitorLinkStore.LinkAsync) ? 1 : 0;
            if (attempts == 1)
            {
                throw new InvalidOperationException("away until the second attempt");
            }
        };
        var clock = new FakeTimeProvider();
        using var deferred = ActivatorUtilities.CreateInstance<DeferredLinks>(_site.App.Services, clock);
        deferred.Add("anna", "shared");
        deferred.Add("bert", "shared");

        await deferred.StartAsync(default);

        await clock.AdvanceUntilAsync(() => Task.FromResult(deferred.Count == 0));
        await deferred.StopAsync(default);
        (await _site.Identity.FindVisitorCodeAsync("anna")).ShouldBe("shared");
        (await _site.Identity.FindVisitorCodeAsync("bert")).ShouldBeNull();
    }

    [Fact]
    public void One_user_takes_a_share_of_the_room_and_what_is_dropped_is_logged_once()
    {
        using var deferred = ActivatorUtilities.CreateInstance<DeferredLinks>(_site.App.Services);

        for (var i = 0; i < 2 * WaitingLinks.MaxOfUser; i++)
        {
            deferred.Add("mallory", $"code{i}");
        }

        deferred.Add("mallory", "code0");
        deferred.Add("anna", "annas");

        deferred.Count.ShouldBe(WaitingLinks.MaxOfUser + 1);
        _site.Log.Texts(609).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_store_that_waits_without_giving_its_thread_back_holds_no_page_for_ever()
    {
        using var released = new ManualResetEventSlim();
        await using var site = await IdentitySite.StartAsync(
            _database.AddTo, options => options.Identity.Timeout = TimeSpan.FromMilliseconds(100), services: TroubledStore.Use);
        TroubledStore.Of(site).Before = _ => released.Wait();
        try
        {
            (await site.GoAsync("anna", "annas").WaitAsync(HangGuard.Timeout)).Code.ShouldBe("annas");
        }
        finally
        {
            released.Set();
        }
    }
}
