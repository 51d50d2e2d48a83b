using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What is said of visitors takes no more memory than it may, whatever it is.</summary>
public sealed class VisitorBytesTests
{
    private const long Megabyte = 1024 * 1024;
    private static readonly TimeSpan Session = TimeSpan.FromMinutes(30);

    private readonly ManualClock _clock = new();
    private readonly ForgottenVisitors _forgotten = new();

    [Fact]
    public void Long_custom_data_makes_those_leave_who_were_not_seen_for_long()
    {
        var store = Store(Megabyte);
        for (var i = 0; i < 1000; i++)
        {
            store.GetOrCreate($"v{i}");
        }

        for (var i = 0; i < 10; i++)
        {
            store.Find($"v{i}").ShouldNotBeNull();
        }

        Say(store, "talker", 400_000);

        store.Bytes.ShouldBeLessThanOrEqualTo(Megabyte);
        store.Find("talker")!.Record.Known.CustomData.Find(1)![0].Length.ShouldBe(400_000);
        Enumerable.Range(0, 10).ShouldAllBe(i => store.Find($"v{i}") != null);
        store.Find("v10").ShouldBeNull();
        store.Find("v999").ShouldNotBeNull();
    }

    [Fact]
    public void The_bound_holds_while_many_requests_say_much_of_many_visitors()
    {
        var store = Store(Megabyte);

        Parallel.For(0, 5000, i =>
        {
            Say(store, $"v{i % 700}", i % 97 * 100);
            store.GetOrCreate($"v{i % 700}").Record.Save(i % 40, i, _clock.GetUtcNow());
        });

        store.Bytes.ShouldBeInRange(1, Megabyte);
        store.Bytes.ShouldBe(store.Sessions.Sum(session => (long)session.Counted));
        store.Count.ShouldBeGreaterThan(50);
    }

    [Fact]
    public void Requests_of_one_visitor_at_once_are_counted_once_and_forgotten_whole()
    {
        var store = Store();
        var before = Counted(store, "other");

        Parallel.For(0, 1000, i =>
        {
            Say(store, "anna", i, slot: i % 5);
            var session = store.GetOrCreate("anna");
            store.Save(session, i % 20, i);
            store.MemoOf(session);
            store.CountDecisions(session, 50);
        });

        var anna = store.Find("anna")!;
        store.Bytes.ShouldBe(before + anna.Counted);
        anna.Counted.ShouldBeGreaterThan(before + anna.Record.Known.Size + (19 * 24) + (50 * 8));
        _clock.Advance(Session);
        SweepAll(store);
        store.Bytes.ShouldBe(0);
    }

    [Fact]
    public void Somebody_of_whom_more_is_said_than_there_is_room_for_leaves_like_everybody()
    {
        var store = Store(Megabyte);
        store.GetOrCreate("bert");

        Say(store, "talker", 600_000);
        Say(store, "bert", 10);

        store.Find("talker").ShouldBeNull();
        store.Find("bert").ShouldNotBeNull();
        store.Bytes.ShouldBe(store.Find("bert")!.Counted);
    }

    [Fact]
    public void What_waited_with_a_visitor_who_makes_room_is_not_lost()
    {
        var store = Store(Megabyte);
        store.Update("anna", 0, static (known, _) => known.Holding(
            new(new("anna"), TrackingEventKind.PageView, Data: new PageView("https://shop.example/"))));

        Say(store, "talker", 523_900);

        store.Find("anna").ShouldBeNull();
        _forgotten.Visitors.ShouldHaveSingleItem().Held.ShouldHaveSingleItem().Origin.VisitorCode.ShouldBe("anna");
    }

    [Fact]
    public void What_is_remembered_of_decisions_counts_until_it_is_forgotten()
    {
        var store = Store();
        var bare = Counted(store, "anna");
        var session = store.Find("anna")!;

        store.MemoOf(session);
        store.CountDecisions(session, 1000);
        session.Counted.ShouldBeGreaterThan(bare + 8000);
        SweepAll(store);

        session.Counted.ShouldBe(bare);
    }

    [Fact]
    public void Everything_that_may_be_said_counts()
    {
        var text = new string('x', 10_000);
        IVisitorData[] said =
        [
            new CustomData(1, text), new PageView("https://" + text), new PageView("https://b.example", text),
            new UserAgent(text), new Geolocation(text), new ApplicationVersion(text),
            new CookieData([KeyValuePair.Create("a", text)]),
        ];

        foreach (var data in said)
        {
            var store = Store();
            var before = Counted(store, "anna");
            store.Update("anna", data, static (known, added) => added.AddTo(known));
            store.Bytes.ShouldBeInRange(before + 20_000, before + 20_600, data.GetType().Name);
        }
    }

    [Fact]
    public void Counting_anew_takes_no_memory()
    {
        var store = Store();
        Say(store, "anna", 1000);
        var session = store.Find("anna")!;
        store.CountDecisions(session, 0);
        var before = GC.GetAllocatedBytesForCurrentThread();

        for (var i = 0; i < 1000; i++)
        {
            store.CountDecisions(session, 0);
        }

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    private static int Counted(VisitorStore store, string code) => store.GetOrCreate(code).Counted;

    private static void Say(VisitorStore store, string code, int length, int slot = 1) => store.Update(
        code,
        (slot, Text: new string('x', length)),
        static (known, said) => known with { CustomData = known.CustomData.With(said.slot, [said.Text]) });

    private static void SweepAll(VisitorStore store)
    {
        for (var passed = TimeSpan.Zero; passed <= Session / 2; passed += store.SweepInterval)
        {
            store.Sweep();
        }
    }

    private VisitorStore Store(long maxBytes = 1024 * Megabyte) => new(
        Options.Create(new KameleoonOptions { SessionDuration = Session, MaxVisitorBytes = maxBytes }), _clock, _forgotten);
}
