using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.EntityFrameworkCore.Tests;

/// <summary>What an outbox in a database does, alike in SQLite and PostgreSQL.</summary>
[Collection(nameof(Databases))]
public sealed class TrackingOutboxTests(PostgreSqlServer postgres) : IAsyncDisposable
{
    private const string Site = "abcde12345";

    private static readonly DateTimeOffset Noon = new(2026, 1, 15, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan AMinute = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Short = TimeSpan.FromMilliseconds(50);

    private readonly List<IAsyncDisposable> _opened = [];

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task What_was_stored_comes_as_it_was_and_the_oldest_first(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var (mine, another) = (Open(database), Open(database));
        var large = new byte[2_621_440];
        RandomNumberGenerator.Fill(large);
        var batches = new[] { Batch(2, "second"), Batch(1, "first"), Batch(3, "third") with { Body = large } };
        foreach (var batch in batches)
        {
            await mine.StoreAsync(batch, TimeSpan.Zero, default);
        }

        foreach (var expected in batches.OrderBy(batch => batch.CreatedAt))
        {
            var claimed = (await another.ClaimAsync(Site, Long, default)).ShouldNotBeNull();
            claimed.Body.ToArray().ShouldBe(expected.Body.ToArray());
            (claimed with { Body = expected.Body, CreatedAt = expected.CreatedAt }).ShouldBe(expected);
            claimed.CreatedAt.ShouldBe(expected.CreatedAt, AMinute);
        }

        (await another.ClaimAsync(Site, Long, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Nobody_gets_a_batch_until_the_lease_of_its_holder_is_over(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var (mine, another) = (Open(database), Open(database));
        var (held, left) = (Batch(1), Batch(2));
        await mine.StoreAsync(held, Long, default);
        (await another.ClaimAsync(Site, Long, default)).ShouldBeNull();

        await mine.StoreAsync(left, TimeSpan.FromMilliseconds(200), default);

        await Eventually.IsTrueAsync(async () => (await another.ClaimAsync(Site, Long, default))?.Id == left.Id);
        (await another.ClaimAsync(Site, Long, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task What_is_completed_is_gone(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var outbox = Open(database);
        await outbox.StoreAsync(Batch(1), TimeSpan.Zero, default);
        await outbox.StoreAsync(Batch(2), TimeSpan.Zero, default);

        await outbox.CompleteAsync(Batch(1).Id, default);
        await outbox.CompleteAsync(Batch(1).Id, default);
        await outbox.CompleteAsync(Guid.NewGuid(), default);

        (await outbox.GetBacklogAsync(Site, default)).EventCount.ShouldBe(2);
        (await outbox.ClaimAsync(Site, Long, default)).ShouldNotBeNull().Id.ShouldBe(Batch(2).Id);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Who_holds_a_batch_gives_it_back_at_once_or_for_later(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var (mine, another) = (Open(database), Open(database));
        await mine.StoreAsync(Batch(1), Long, default);
        await mine.StoreAsync(Batch(2), Long, default);

        await mine.ReleaseAsync(Batch(1).Id, Long, default);
        await mine.ReleaseAsync(Batch(2).Id, TimeSpan.Zero, default);
        await mine.ReleaseAsync(Guid.NewGuid(), TimeSpan.Zero, default);

        (await another.ClaimAsync(Site, Long, default)).ShouldNotBeNull().Id.ShouldBe(Batch(2).Id);
        (await another.ClaimAsync(Site, Long, default)).ShouldBeNull();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Whose_lease_ran_out_takes_nothing_from_the_new_holder(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var (mine, another) = (Open(database), Open(database));
        await mine.StoreAsync(Batch(1), TimeSpan.Zero, default);
        (await another.ClaimAsync(Site, Long, default)).ShouldNotBeNull();

        await mine.ReleaseAsync(Batch(1).Id, TimeSpan.Zero, default);

        (await mine.ClaimAsync(Site, Long, default)).ShouldBeNull();
        await another.ReleaseAsync(Batch(1).Id, TimeSpan.Zero, default);
        (await mine.ClaimAsync(Site, Long, default)).ShouldNotBeNull();
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Storing_again_only_renews_the_lease(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var outbox = Open(database);
        await outbox.StoreAsync(Batch(1, "first"), TimeSpan.Zero, default);

        await outbox.StoreAsync(Batch(1, "other"), Short, default);

        (await outbox.GetBacklogAsync(Site, default)).EventCount.ShouldBe(1);
        await Eventually.IsTrueAsync(async () =>
            await outbox.ClaimAsync(Site, Long, default) is { } batch && Encoding.UTF8.GetString(batch.Body.Span) == "first");
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task Nodes_that_claim_at_once_get_each_batch_once(string kind)
    {
        const int count = 300;
        using var database = await Store.CreateAsync(kind, postgres);
        var nodes = Enumerable.Range(0, 6).Select(_ => Open(database)).ToList();
        for (var i = 0; i < count; i++)
        {
            await nodes[0].StoreAsync(Batch(i), TimeSpan.Zero, default);
        }

        var claimed = await Task.WhenAll(nodes.Select(node => Task.Run(async () =>
        {
            var ids = new List<Guid>();
            while (await node.ClaimAsync(Site, Long, default) is { } batch)
            {
                ids.Add(batch.Id);
                await node.CompleteAsync(batch.Id, default);
            }

            return ids;
        })));

        claimed.SelectMany(ids => ids).Order().ShouldBe(Enumerable.Range(0, count).Select(i => Batch(i).Id).Order());
        claimed.ShouldAllBe(ids => ids.SequenceEqual(ids.Order())); // each node the oldest first
        (await nodes[0].GetBacklogAsync(Site, default)).ShouldBe(new(0, null));
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_full_outbox_refuses_and_loses_nothing_of_what_it_has(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var outbox = Open(database, maxBytes: 4 << 20);
        var half = new byte[(2 << 20) - 1024];
        await outbox.StoreAsync(Batch(1) with { Body = half }, TimeSpan.Zero, default);
        await outbox.StoreAsync(Batch(2) with { Body = half }, Long, default);

        var refused = await Should.ThrowAsync<InvalidOperationException>(outbox.StoreAsync(Batch(3), Long, default));

        refused.Message.ShouldBe("The outbox is full: it holds 4194304 bytes at most (Kameleoon:Tracking:MaxOutboxBytes).");
        await outbox.StoreAsync(Batch(2) with { Body = half }, Long, default); // what is there stays there
        await outbox.StoreAsync(Batch(4) with { SiteCode = "another" }, Long, default); // a project of its own
        (await outbox.ClaimAsync(Site, Long, default)).ShouldNotBeNull().Id.ShouldBe(Batch(1).Id);
        await outbox.CompleteAsync(Batch(1).Id, default);
        await outbox.StoreAsync(Batch(3), Long, default);
        (await outbox.GetBacklogAsync(Site, default)).EventCount.ShouldBe(5);
    }

    [Fact]
    public async Task A_batch_of_another_project_is_bounded_by_the_limit_of_that_project()
    {
        using var database = await Store.CreateAsync("SQLite", postgres);
        var outbox = Open(database);
        var half = Batch(1) with { SiteCode = "another", Body = new byte[(2 << 20) - 1024], MaxOutboxBytes = 4 << 20 };
        await outbox.StoreAsync(half, Long, default);
        await outbox.StoreAsync(half with { Id = Batch(2).Id }, Long, default);

        (await Should.ThrowAsync<InvalidOperationException>(outbox.StoreAsync(half with { Id = Batch(3).Id }, Long, default)))
            .Message.ShouldContain("it holds 4194304 bytes");

        await outbox.StoreAsync(half with { Id = Batch(3).Id, MaxOutboxBytes = 8 << 20 }, Long, default);
        await outbox.StoreAsync(Batch(4), Long, default);
    }

    [Theory]
    [InlineData("SQLite")]
    [InlineData("PostgreSQL")]
    public async Task A_project_sees_its_own_batches_only(string kind)
    {
        using var database = await Store.CreateAsync(kind, postgres);
        var outbox = Open(database);
        await outbox.StoreAsync(Batch(3), TimeSpan.Zero, default);
        await outbox.StoreAsync(Batch(1) with { SiteCode = "another" }, TimeSpan.Zero, default);

        var backlog = await outbox.GetBacklogAsync(Site, default);
        backlog.EventCount.ShouldBe(3);
        backlog.OldestCreatedAt.ShouldNotBeNull().ShouldBe(Batch(3).CreatedAt, AMinute);
        (await outbox.ClaimAsync("nobody", Long, default)).ShouldBeNull();
        (await outbox.ClaimAsync(Site, Long, default)).ShouldNotBeNull().Id.ShouldBe(Batch(3).Id);
    }

    [Fact]
    public void An_outbox_without_a_database_stops_the_start_with_a_sentence()
    {
        var services = new ServiceCollection();
        services.AddLogging().AddKameleoonHybrid(options => options.SiteCode = Site).AddTrackingOutbox();
        using var provider = services.BuildServiceProvider();

        Should.Throw<OptionsValidationException>(() => provider.GetRequiredService<IOptions<KameleoonOptions>>().Value)
            .Message.ShouldBe("AddTrackingOutbox and AddSharedSessions need a database. Call "
                + "AddSqliteStore or AddPostgreSqlStore on the same builder.");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var opened in _opened)
        {
            await opened.DisposeAsync();
        }
    }

    private static TrackingBatch Batch(int number, string body = "eventType=activity")
    {
        var created = Noon.AddSeconds(number);
        return new(
            new Guid(Convert.ToHexString(BitConverter.GetBytes(number).Reverse().ToArray()).PadLeft(32, '0')),
            Site, Encoding.UTF8.GetBytes(body), Math.Max(1, number), created);
    }

    // A node of its own.
    private ITrackingOutbox Open(Store database, long maxBytes = 1 << 30)
    {
        var services = new ServiceCollection();
        database.AddTo(services.AddLogging().AddKameleoonHybrid(options =>
        {
            options.SiteCode = Site;
            options.Identity.StorePlainUserIds = true;
            options.Tracking.MaxOutboxBytes = maxBytes;
        })).AddTrackingOutbox();
        var provider = services.BuildServiceProvider();
        _opened.Add(provider);
        return provider.GetRequiredService<ITrackingOutbox>();
    }
}
