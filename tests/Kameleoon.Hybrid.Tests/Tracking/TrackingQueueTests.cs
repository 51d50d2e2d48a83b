using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>The queue is bounded, says what it loses, and loses conversions last.</summary>
public sealed class TrackingQueueTests : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly EventBuffer _taken = new();

    public void Dispose()
    {
        _taken.Dispose();
        _services.Dispose();
    }

    [Fact]
    public void The_oldest_exposures_go_first_then_the_oldest_conversions()
    {
        var queue = Queue(count: 300);
        Add(queue, 0, 200, isConversion: false);
        Add(queue, 0, 250, isConversion: true);

        queue.ResetOverflowed().ShouldBe(150);
        Add(queue, 250, 100, isConversion: true);
        queue.ResetOverflowed().ShouldBe(100);
        Add(queue, 200, 7, isConversion: false);
        queue.ResetOverflowed().ShouldBe(7);

        Take(queue).ShouldBe(Enumerable.Range(50, 300));
    }

    [Fact]
    public void What_is_being_sent_still_takes_its_room()
    {
        var queue = Queue(count: 300);
        Add(queue, 0, 200, isConversion: true);
        Take(queue).Count.ShouldBe(200);

        Add(queue, 200, 150, isConversion: true);
        queue.Count.ShouldBe(300);
        queue.ResetOverflowed().ShouldBe(50);

        queue.Requeue(_taken);
        _taken.Clear();
        Take(queue).ShouldBe(Enumerable.Range(0, 200).Concat(Enumerable.Range(250, 100)));
    }

    [Fact]
    public void Long_texts_count_by_their_bytes()
    {
        var queue = Queue(bytes: 1024 * 1024);
        for (var i = 0; i < 1000; i++)
        {
            queue.Add(new TrackingEvent(
                new("v"), TrackingEventKind.PageView, Data: new PageView(new string('x', 2000))));
        }

        queue.Count.ShouldBeInRange(200, 300);
        queue.ResetOverflowed().ShouldBe(1000 - queue.Count);
    }

    [Fact]
    public async Task Of_many_writers_at_once_no_event_is_lost_or_doubled()
    {
        var queue = Queue(count: 100_000);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(writer => Task.Run(() => Add(queue, 10_000 * writer, 10_000, writer % 2 == 0))));

        Take(queue).Order().ShouldBe(Enumerable.Range(0, 80_000));
        queue.Queued.ShouldBe(80_000);
    }

    [Fact]
    public void What_waited_too_long_is_left_out()
    {
        var clock = new ManualClock();
        var queue = Queue(clock: clock);
        Add(queue, 0, 256, isConversion: true);
        clock.Advance(TimeSpan.FromHours(1));
        queue.CloseOldBlocks();
        Add(queue, 256, 10, isConversion: true);

        queue.Dequeue(_taken, clock.GetTimestamp(-TimeSpan.FromMinutes(59))).ShouldBe(256);

        _taken.Count.ShouldBe(10);
        queue.Count.ShouldBe(10);
    }

    [Fact]
    public void What_came_lately_is_not_left_out_with_what_came_before_it()
    {
        var clock = new ManualClock();
        var queue = Queue(clock: clock);
        Add(queue, 0, 10, isConversion: true);
        clock.Advance(TimeSpan.FromHours(1));
        queue.CloseOldBlocks();
        Add(queue, 10, 10, isConversion: true);

        queue.Dequeue(_taken, clock.GetTimestamp(-TimeSpan.FromMinutes(59))).ShouldBe(10);

        _taken.Sort();
        Enumerable.Range(0, _taken.Count).Select(place => (int)_taken[place].Id).ShouldBe(Enumerable.Range(10, 10));
    }

    [Fact]
    public void What_is_given_back_keeps_its_age()
    {
        var clock = new ManualClock();
        var queue = Queue(clock: clock);
        Add(queue, 0, 300, isConversion: true);
        clock.Advance(TimeSpan.FromHours(1));
        queue.CloseOldBlocks();
        Add(queue, 0, 300, isConversion: true);
        Take(queue);
        queue.Requeue(_taken);
        _taken.Clear();

        queue.Dequeue(_taken, clock.GetTimestamp(-TimeSpan.FromMinutes(59))).ShouldBe(300);

        _taken.Count.ShouldBe(300);
        _taken.Sort();
        _taken.ArrivalOf(0).ShouldBe(clock.GetTimestamp());
    }

    [Fact]
    public void A_body_is_as_old_as_its_newest_event()
    {
        var clock = new ManualClock();
        var queue = Queue(clock: clock);
        Add(queue, 0, 1, isConversion: false);
        clock.Advance(TimeSpan.FromHours(1));
        queue.CloseOldBlocks();
        Add(queue, 1, 1, isConversion: false);
        Take(queue);
        using var body = new BatchWriter(_taken);

        var written = body.WriteNext(Guid.Empty, "a", DateTimeOffset.UnixEpoch).ShouldNotBeNull();

        written.EventCount.ShouldBe(2);
        written.NewestArrival.ShouldBe(clock.GetTimestamp());
    }

    [Fact]
    public void What_is_taken_leaves_the_rest_of_the_queue_to_make_room_for_conversions()
    {
        var queue = Queue(count: 100_000);
        Add(queue, 0, 100_000, isConversion: false);
        queue.Dequeue(_taken, long.MinValue, queue.StartSegment(), enough: 25_000);

        Add(queue, 0, 60_000, isConversion: true);

        _taken.Count.ShouldBeInRange(25_000, 30_000);
        queue.ResetOverflowed().ShouldBe(60_000);
        _taken.Clear();
        Take(queue);
        Enumerable.Range(0, _taken.Count).Count(place => _taken[place].IsConversion).ShouldBe(60_000);
    }

    [Fact]
    public void Whatever_came_before_an_event_that_is_taken_is_taken_too()
    {
        var queue = Queue();
        for (var id = 0; id < 20_000; id++)
        {
            Add(queue, id, 1, isConversion: id % 7 == 0);
        }

        var end = queue.StartSegment();
        Add(queue, 20_000, 1, isConversion: false);
        var next = 0;
        while (true)
        {
            queue.Dequeue(_taken, long.MinValue, end, enough: 3000);
            if (_taken.Count == 0)
            {
                break;
            }

            _taken.Sort();
            Enumerable.Range(0, _taken.Count).Select(place => (int)_taken[place].Id).Order()
                .ShouldBe(Enumerable.Range(next, _taken.Count));
            next += _taken.Count;
            _taken.Clear();
        }

        next.ShouldBe(20_000);
    }

    [Fact]
    public void What_could_never_find_room_drives_nothing_out()
    {
        var queue = Queue(bytes: 100_000);
        Add(queue, 0, 100, isConversion: false);

        queue.Add(new TrackingEvent(
            new("v"), TrackingEventKind.PageView, Data: new PageView(new string('x', 60_000))));

        queue.Count.ShouldBe(100);
        queue.ResetOverflowed().ShouldBe(1);
    }

    private TrackingQueue Queue(int count = 100_000, long bytes = 64 * 1024 * 1024, TimeProvider? clock = null) => new(
        Options.Create(new KameleoonOptions
        {
            SiteCode = "a",
            Tracking = { MaxQueuedEvents = count, MaxQueuedBytes = bytes },
        }),
        clock ?? TimeProvider.System,
        ActivatorUtilities.CreateInstance<KameleoonMetrics>(_services));

    private static void Add(TrackingQueue queue, int first, int count, bool isConversion)
    {
        for (var id = first; id < first + count; id++)
        {
            queue.Add(new TrackingEvent(
                new("v" + id), isConversion ? TrackingEventKind.Conversion : TrackingEventKind.Exposure, id, id));
        }
    }

    private List<int> Take(TrackingQueue queue)
    {
        queue.Dequeue(_taken, long.MinValue);
        _taken.Sort();
        return [.. Enumerable.Range(0, _taken.Count).Select(place => (int)_taken[place].Id)];
    }
}
