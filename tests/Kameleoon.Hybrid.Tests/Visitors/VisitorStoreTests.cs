using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>What is kept of visitors: as long as they are heard of, as many as there is room for, and nothing lost.
/// </summary>
public sealed class VisitorStoreTests
{
    private static readonly TimeSpan Session = TimeSpan.FromMinutes(30);

    private readonly ManualClock _clock = new();
    private readonly ForgottenVisitors _forgotten = new();

    [Fact]
    public void A_visitor_is_kept_until_nothing_was_heard_for_the_length_of_a_session()
    {
        var store = Store();
        var record = store.GetOrCreate("anna").Record;

        _clock.Advance(Session - TimeSpan.FromSeconds(1));
        store.Find("anna")!.Record.ShouldBeSameAs(record);
        _clock.Advance(Session - TimeSpan.FromSeconds(1));
        store.Find("anna")!.Record.ShouldBeSameAs(record);
        _clock.Advance(Session);
        store.Find("anna").ShouldBeNull();
        store.GetOrCreate("anna").Record.ShouldNotBeSameAs(record);
        store.Count.ShouldBe(1);
    }

    [Fact]
    public void Looking_for_a_visitor_keeps_nothing()
    {
        var store = Store();

        store.Find("nobody").ShouldBeNull();

        store.Count.ShouldBe(0);
    }

    [Fact]
    public void Sweeping_forgets_whoever_stayed_away_within_half_a_session_and_nobody_else()
    {
        var store = Store();
        for (var i = 0; i < 5000; i++)
        {
            store.GetOrCreate($"gone{i}");
        }

        _clock.Advance(Session);
        for (var i = 0; i < 1000; i++)
        {
            store.GetOrCreate($"here{i}");
        }

        for (var passed = TimeSpan.Zero; passed < Session / 2; passed += store.SweepInterval)
        {
            store.Sweep();
        }

        store.Count.ShouldBe(1000);
        store.Find("here0").ShouldNotBeNull();
        store.Find("gone0").ShouldBeNull();
    }

    [Fact]
    public void A_long_queue_is_swept_in_slices_of_which_each_looks_at_some_only()
    {
        var store = Store();
        for (var i = 0; i < 128 * 1200; i++)
        {
            store.GetOrCreate($"v{i}");
        }

        _clock.Advance(Session);
        var slices = new List<bool>();
        for (var slice = 0; slice < 3; slice++)
        {
            slices.Add(store.Sweep());
        }

        slices.ShouldBe([true, true, false]);
        store.Count.ShouldBe(127 * 1200);
    }

    [Fact]
    public async Task The_application_sweeps_by_itself()
    {
        var clock = new ManualClock();
        await using var site = await TestSite.StartAsync(clock: clock);
        await site.ReadAsync("/decide/checkout");
        var store = site.App.Services.GetRequiredService<VisitorStore>();
        store.Count.ShouldBe(1);

        await site.MoveAsync(Session);

        await Eventually.IsTrueAsync(async () =>
        {
            await site.MoveAsync(store.SweepInterval);
            return store.Count == 0;
        });
    }

    [Fact]
    public void When_there_is_no_room_those_leave_who_were_not_seen_for_long()
    {
        var store = Store(maxVisitors: 100);
        for (var i = 0; i < 100; i++)
        {
            store.GetOrCreate($"v{i}");
        }

        for (var i = 0; i < 10; i++)
        {
            store.Find($"v{i}").ShouldNotBeNull();
        }

        for (var i = 100; i < 190; i++)
        {
            store.GetOrCreate($"v{i}");
        }

        store.Count.ShouldBe(100);
        Enumerable.Range(0, 10).ShouldAllBe(i => store.Find($"v{i}") != null);
        Enumerable.Range(10, 90).ShouldAllBe(i => store.Find($"v{i}") == null);
    }

    [Fact]
    public void There_is_always_room_even_when_everybody_was_just_seen()
    {
        var store = Store(maxVisitors: 50);

        Parallel.For(0, 20_000, i => store.GetOrCreate($"v{i}").TakeSeen());
        Parallel.For(0, 20_000, i =>
        {
            store.GetOrCreate($"w{i}");
            store.Find($"w{i}");
        });

        store.Count.ShouldBeInRange(1, 50);
    }

    [Fact]
    public void Of_many_changes_at_once_none_is_lost_and_each_makes_another_version()
    {
        var store = Store();
        var versions = new System.Collections.Concurrent.ConcurrentBag<long>();

        Parallel.For(0, 1000, i =>
        {
            store.Update("anna", i, static (known, index) =>
                known with { CustomData = known.CustomData.With(index, ["x"]), PageViews = known.PageViews + 1 });
            store.GetOrCreate("anna").Record.Save(i % 40, i, _clock.GetUtcNow());
            versions.Add(store.Find("anna")!.Record.Version);
        });

        var record = store.Find("anna")!.Record;
        record.Known.PageViews.ShouldBe(1000);
        record.Known.CustomData.Entries.Length.ShouldBe(1000);
        record.Assignments.Select(entry => entry.ExperimentId).Order().ShouldBe(Enumerable.Range(0, 40).Select(i => (long)i));
        record.Version.ShouldBe(versions.Max());
    }

    [Fact]
    public void A_version_never_comes_back_not_even_for_another_visitor_or_after_the_session()
    {
        var store = Store();
        var seen = new HashSet<long>();

        foreach (var visitor in new[] { "anna", "bert", "anna" })
        {
            store.Update(visitor, 0, static (known, _) => known with { Consent = Consent.Given });
            seen.Add(store.Find(visitor)!.Record.Version).ShouldBeTrue();
            store.Update(visitor, 0, static (known, _) => known with { Consent = Consent.Refused });
            seen.Add(store.Find(visitor)!.Record.Version).ShouldBeTrue();
            _clock.Advance(Session);
        }

        seen.ShouldNotContain(0);
        store.GetOrCreate("carl").Record.Version.ShouldBe(0);
    }

    [Fact]
    public void Saving_the_same_assignment_again_only_moves_its_time()
    {
        var record = Store().GetOrCreate("anna").Record;
        record.Save(1, 11, _clock.GetUtcNow());
        record.Save(2, 21, _clock.GetUtcNow());
        var saved = record.Assignments;
        _clock.Advance(TimeSpan.FromMinutes(1));

        record.Save(2, 21, _clock.GetUtcNow());
        record.Assignments.ShouldBeSameAs(saved);
        (saved[1].Time - saved[0].Time).ShouldBe(TimeSpan.FromMinutes(1));

        record.Save(1, 12, _clock.GetUtcNow());
        record.Assignments.Select(entry => entry.VariationId).ShouldBe([12, 21]);
    }

    [Fact]
    public void Linked_codes_share_one_record_and_each_lives_as_long_as_it_is_heard_of()
    {
        var store = Store();
        store.GetOrCreate("phone");
        store.GetOrCreate("person");

        new PersonCodes(store).Link("phone", "person");
        new PersonCodes(store).Link("phone", "phone");

        store.Find("person")!.Record.ShouldBeSameAs(store.Find("phone")!.Record);
        _clock.Advance(Session - TimeSpan.FromSeconds(1));
        var record = store.Find("person")!.Record;
        _clock.Advance(TimeSpan.FromSeconds(1));
        store.Find("phone").ShouldBeNull();
        store.Find("person")!.Record.ShouldBeSameAs(record);
    }

    [Fact]
    public void What_waited_under_a_code_leaves_when_the_code_is_linked_to_another()
    {
        var store = Store();
        store.Update("person", 0, static (known, _) => known.Holding(new(new("person"), TrackingEventKind.PageView)));

        new PersonCodes(store).Link("phone", "person");
        new PersonCodes(store).Link("phone", "person");

        _forgotten.Visitors.ShouldHaveSingleItem().Held.ShouldHaveSingleItem().Origin.VisitorCode.ShouldBe("person");
    }

    [Fact]
    public void What_waits_with_a_person_stays_when_only_one_of_the_codes_is_forgotten()
    {
        var store = Store();
        store.GetOrCreate("phone");
        new PersonCodes(store).Link("phone", "person");
        store.Update("phone", 0, static (known, _) => known.Holding(new(new("person"), TrackingEventKind.PageView)));
        _clock.Advance(Session - TimeSpan.FromSeconds(1));
        store.Find("person");
        _clock.Advance(TimeSpan.FromSeconds(1));

        store.GetOrCreate("phone");

        _forgotten.Visitors.ShouldBeEmpty();
        store.Find("person")!.Record.Known.Held.ShouldHaveSingleItem();
        _clock.Advance(Session);
        store.GetOrCreate("person").Record.Known.Held.ShouldBeEmpty();
        _forgotten.Visitors.ShouldHaveSingleItem().Held.ShouldHaveSingleItem();
    }

    [Fact]
    public void Nothing_is_added_to_what_was_known_of_a_visitor_who_is_forgotten()
    {
        var store = Store(maxVisitors: 1);
        var anna = store.GetOrCreate("anna");
        store.GetOrCreate("bert");

        store.UpdateHere(anna, 0, static (known, _) => known.Holding(new(new("anna"), TrackingEventKind.PageView)))
            .Held.ShouldBeEmpty();
        store.Update("anna", 0, static (known, _) => known.Holding(new(new("anna"), TrackingEventKind.PageView)));

        anna.Record.Known.Held.ShouldBeEmpty();
        store.Find("anna")!.Record.Known.Held.ShouldHaveSingleItem();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(20)]
    public void Codes_are_linked_and_told_of_however_little_room_there_is(int room)
    {
        var store = Store(maxVisitors: room);
        for (var visitor = 0; visitor < 2000; visitor++)
        {
            new PersonCodes(store).Link($"phone-{visitor}", $"person-{visitor % 50}");
            store.Update($"person-{visitor % 50}", 0, static (known, _) => known.Holding(new(new("v"), TrackingEventKind.PageView)));
        }

        store.Count.ShouldBe(room);
        store.Sessions.ShouldAllBe(session => !session.Record.HasEnded);
    }

    private VisitorStore Store(int maxVisitors = 1_000_000) => new(
        Options.Create(new KameleoonOptions { SessionDuration = Session, MaxVisitors = maxVisitors }), _clock, _forgotten);
}
