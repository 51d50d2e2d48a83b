using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Tests;

/// <summary>How often a server reads what the others changed about visitors.</summary>
public sealed class SharedSessionReadTests
{
    [Fact]
    public async Task Changes_are_read_every_second_although_a_read_began_late()
    {
        var (clock, store) = (new ManualClock(), new CountedStore());
        await using var site = await TestSite.StartAsync(
            clock: clock, services: services => services.AddSingleton<IVisitorSessionStore>(store));
        await Eventually.IsTrueAsync(clock.IsAwaitedBy<SharedSessionService>);

        await site.MoveAsync(TimeSpan.FromSeconds(1.1));
        await Eventually.IsTrueAsync(() => store.Reads.Count == 1);
        await site.MoveAsync(TimeSpan.FromSeconds(0.9));

        await Eventually.IsTrueAsync(() => store.Reads.Count == 2);
    }

    [Fact]
    public async Task Changes_are_read_every_five_seconds_where_the_store_tells_of_them_at_once()
    {
        var (clock, store) = (new ManualClock(), new TellingStore());
        await using var site = await TestSite.StartAsync(
            clock: clock, services: services => services.AddSingleton<IVisitorSessionStore>(store));
        await Eventually.IsTrueAsync(clock.IsAwaitedBy<SharedSessionService>);

        for (var i = 0; i < 5; i++)
        {
            await site.MoveAsync(TimeSpan.FromSeconds(1));
        }

        // What may have been stamped ten seconds earlier is read, too.
        await Eventually.IsTrueAsync(() => !store.Reads.IsEmpty);
        store.Reads.ShouldBe([TimeSpan.FromSeconds(15)]);
    }

    private class CountedStore : IVisitorSessionStore
    {
        /// <summary>The age of the oldest change that each read asked for.</summary>
        internal ConcurrentQueue<TimeSpan> Reads { get; } = new();

        public ValueTask<IReadOnlyList<VisitorSessionEntry>> FindAsync(string visitorCode, CancellationToken cancellationToken) =>
            new(Array.Empty<VisitorSessionEntry>());

        public ValueTask SaveAsync(IReadOnlyList<VisitorSessionEntry> entries, CancellationToken cancellationToken) => default;

        public ValueTask ProlongAsync(IReadOnlyList<string> visitorCodes, CancellationToken cancellationToken) => default;

        public ValueTask<VisitorSessionChanges> ReadChangesAsync(TimeSpan within, string? after, CancellationToken cancellationToken)
        {
            Reads.Enqueue(within);
            return new(new VisitorSessionChanges([], Next: null));
        }

        public ValueTask DeleteExpiredAsync(CancellationToken cancellationToken) => default;
    }

    private sealed class TellingStore : CountedStore, IVisitorSessionFeed
    {
        public Task ListenAsync(Action<string> changed, CancellationToken cancellationToken) =>
            Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
    }
}
