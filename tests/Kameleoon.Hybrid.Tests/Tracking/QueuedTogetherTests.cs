using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The exposures of one call are queued together as each would be alone.</summary>
public sealed class QueuedTogetherTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EventBuffer _taken = new();

    public void Dispose()
    {
        _taken.Dispose();
        _services.Dispose();
    }

    [Theory]
    [InlineData(300, 1024 * 1024)]
    [InlineData(100_000, 20_000)]
    [InlineData(100_000, 1024 * 1024)]
    public void Exposures_that_come_together_are_kept_and_dropped_as_if_each_came_alone(int count, long bytes)
    {
        var (alone, together) = (Queue(count, bytes), Queue(count, bytes));
        var origin = new EventOrigin("v");
        foreach (var queue in (TrackingQueue[])[alone, together])
        {
            for (var id = 0; id < 100; id++)
            {
                queue.Add(new TrackingEvent(new("v" + id), TrackingEventKind.Conversion, id, id));
            }
        }

        for (var call = 0; call < 100; call++)
        {
            var exposures = Enumerable.Range(50 * call, 50).Select(static id => new Exposure(id, id, false, id % 7 == 0)).ToArray();
            Array.ForEach(exposures, exposure => alone.Add(TrackingEvent.Exposure(origin, exposure)));
            together.AddAll(origin, exposures);
        }

        together.Count.ShouldBe(alone.Count);
        together.Queued.ShouldBe(5100);
        together.ResetOverflowed().ShouldBe(alone.ResetOverflowed());
        together.StartSegment().ShouldBe(alone.StartSegment());
        TakeEvents(together).ShouldBe(TakeEvents(alone));
    }

    [Fact]
    public void Of_exposures_that_come_together_too_late_each_counts_as_late()
    {
        var queue = Queue();
        var late = 0;
        queue.Close(() => late++);

        queue.AddAll(new EventOrigin("v"), new Exposure[3]);

        late.ShouldBe(3);
        queue.Count.ShouldBe(0);
    }

    private TrackingQueue Queue(int count = 100_000, long bytes = 64 * 1024 * 1024) => new(
        Options.Create(new KameleoonOptions
        {
            SiteCode = "a",
            Tracking = { MaxQueuedEvents = count, MaxQueuedBytes = bytes },
        }),
        TimeProvider.System,
        ActivatorUtilities.CreateInstance<KameleoonMetrics>(_services));

    private List<TrackingEvent> TakeEvents(TrackingQueue queue)
    {
        _taken.Clear();
        queue.Dequeue(_taken, long.MinValue);
        _taken.Sort();
        return [.. Enumerable.Range(0, _taken.Count).Select(place => _taken[place])];
    }
}
