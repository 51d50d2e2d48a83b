using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A visitor whom no request uses, and of whom there are only assignments, is kept without objects and loses nothing.
/// </summary>
public sealed class IdleVisitorTests
{
    internal const int MostRecent = 1024;
    private static readonly TimeSpan Session = TimeSpan.FromMinutes(30);

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_visitor_of_one_page_becomes_idle_and_comes_back_with_assignments_consent_and_start()
    {
        var store = Store();
        var started = _clock.GetUtcNow();
        var session = store.GetOrCreateInUse("anna").Session!;
        session.Record.TryReplace(VisitorSnapshot.Empty, VisitorSnapshot.Empty.With(Consent.Given, holdsOn: true));
        store.Save(session, 7, 71);
        session.Record.SetEngines(7, 71, isEngines: true);
        store.Save(session, 8, 82);
        session.SharedAt = 5;
        session.Uses.End();

        Visit(store, MostRecent);
        _clock.Advance(TimeSpan.FromMinutes(1));

        IsObject(store, "anna").ShouldBeFalse();
        session.IsGone.ShouldBeTrue();
        store.Contains("anna").ShouldBeTrue();
        store.Count.ShouldBe(MostRecent + 1);
        var back = store.Find("anna").ShouldNotBeNull();
        back.Record.FindVariation(7).ShouldBe(71);
        back.Record.FindVariation(8).ShouldBe(82);
        back.Record.IsReported(7, 71).ShouldBeTrue();
        back.Record.IsReported(8, 82).ShouldBeFalse();
        back.Record.Started.ShouldBe(started);
        back.Record.Known.Consent.ShouldBe(Consent.Given);
        back.SharedAt.ShouldBe(5);
        store.Count.ShouldBe(MostRecent + 1);
    }

    [Fact]
    public void A_visitor_whom_a_request_still_uses_stays_an_object()
    {
        var store = Store();
        var session = store.GetOrCreateInUse("anna").Session!;
        var other = store.FindInUse("anna").Session.ShouldNotBeNull();
        other.Uses.End();

        Visit(store, MostRecent);
        store.Save(session, 7, 71);
        session.Uses.End();

        store.Find("anna").ShouldBeSameAs(session);
    }

    [Fact]
    public void A_visitor_whom_a_client_outside_of_requests_uses_stays_an_object()
    {
        var store = Store();
        store.GetOrCreateInUse("anna").Dispose();
        var session = store.Find("anna").ShouldNotBeNull();

        Visit(store, MostRecent);

        store.Find("anna").ShouldBeSameAs(session);
    }

    [Theory]
    [InlineData("data")]
    [InlineData("goal")]
    [InlineData("person")]
    [InlineData("linked")]
    [InlineData("five assignments")]
    public void A_visitor_of_whom_more_is_known_stays_an_object(string what)
    {
        var store = Store();
        var session = store.GetOrCreateInUse("anna").Session!;
        switch (what)
        {
            case "data":
                store.UpdateHere(session, 0, static (known, _) => known with { CustomData = known.CustomData.With(1, ["x"]) });
                break;
            case "goal":
                store.UpdateHere(session, _clock.GetUtcNow(), static (known, time) => known.Reaching(1, time));
                break;
            case "person":
                session.IsUnique = true;
                break;
            case "linked":
                new PersonCodes(store).Link("anna", "anna's phone");
                break;
            default:
                Enumerable.Range(1, IdleVisitor.MaxAssignments + 1).ToList().ForEach(id => store.Save(session, id, id));
                break;
        }

        session.Uses.End();
        Visit(store, MostRecent);

        store.Find("anna").ShouldBeSameAs(session);
    }

    [Fact]
    public void A_code_that_is_not_short_stays_an_object()
    {
        var store = Store();
        var session = store.GetOrCreateInUse("a-code-of-more-than-16-characters").Session!;
        session.Uses.End();

        Visit(store, MostRecent);

        store.Find("a-code-of-more-than-16-characters").ShouldBeSameAs(session);
    }

    [Fact]
    public void An_idle_visitor_is_forgotten_at_the_end_of_the_session_and_counts_no_more()
    {
        var store = Store();
        Visit(store, 20_000);
        store.Count.ShouldBe(20_000);
        store.Bytes.ShouldBeGreaterThan(20_000 * (long)IdleVisitor.Size);

        _clock.Advance(Session);
        store.Find("v0000000000").ShouldBeNull();
        Sweep(store, Session / 2);

        store.Count.ShouldBe(0);
        store.Bytes.ShouldBe(0);
    }

    [Fact]
    public void A_recent_visitor_keeps_the_session_until_it_is_over_and_decisions_for_half_of_it()
    {
        var store = Store();
        var session = store.GetOrCreateInUse("anna").Session!;
        store.MemoOf(session);
        var counted = session.Counted;
        session.Uses.End();

        Sweep(store, Session / 4);
        store.KnownOf("anna").ShouldNotBeNull();
        store.Sessions.ShouldContain(session);
        Sweep(store, Session / 2);
        session.Counted.ShouldBeLessThan(counted);

        _clock.Advance(Session);
        Sweep(store, store.SweepInterval);
        store.Count.ShouldBe(0);
        store.Bytes.ShouldBe(0);
    }

    [Fact]
    public void Beyond_the_limit_idle_visitors_make_room()
    {
        var store = Store(maxVisitors: 1_000);

        Visit(store, 20_000);

        store.Count.ShouldBe(1_000);
        store.Contains("v0000019999").ShouldBeTrue();
        store.Contains("v0000000000").ShouldBeFalse();
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(16)]
    [InlineData(100)]
    public void The_limit_holds_for_requests_at_the_same_time(int maxVisitors)
    {
        var store = Store(maxVisitors);

        Parallel.For(0, 50_000, i =>
        {
            using var use = store.GetOrCreateInUse(Code(i * 7919 % 1_000));
            store.Save(use.Session!, i % 3, 1);
        });
        Visit(store, 200);

        store.Count.ShouldBeInRange(1, maxVisitors);
        Enumerable.Range(0, 1_000).Count(i => store.Contains(Code(i))).ShouldBe(store.Count);
    }

    [Fact]
    public void A_removed_visitor_is_not_idle()
    {
        var store = Store();
        Visit(store, MostRecent + 10);

        store.Remove("v0000000000");

        store.Contains("v0000000000").ShouldBeFalse();
        store.Count.ShouldBe(MostRecent + 9);
    }

    [Fact]
    public void No_assignment_is_lost_while_visitors_become_idle_and_come_back_on_many_threads()
    {
        const int Visitors = 400;
        var store = Store();

        Parallel.For(0, 200_000, i =>
        {
            // Each visitor gets four assignments, in requests between which they become idle.
            var session = store.GetOrCreateInUse(Code(i * 7919 % Visitors)).Session!;
            store.Save(session, 1 + (i / Visitors % IdleVisitor.MaxAssignments), 1);
            session.Uses.End();
            store.GetOrCreateInUse(Code(1_000 + i)).Dispose();
        });

        Enumerable.Range(0, Visitors).ShouldAllBe(i =>
            store.Find(Code(i))!.Record.Assignments.Length == IdleVisitor.MaxAssignments);
    }

    private static string Code(int number) => "v" + number.ToString("D10", CultureInfo.InvariantCulture);

    private static bool IsObject(VisitorStore store, string code) => store.Sessions.Any(session => session.Code == code);

    private static void Sweep(VisitorStore store, TimeSpan duration)
    {
        for (var passed = TimeSpan.Zero; passed <= duration; passed += store.SweepInterval)
        {
            while (store.Sweep())
            {
            }
        }
    }

    private static void Visit(VisitorStore store, int visitors)
    {
        for (var i = 0; i < visitors; i++)
        {
            var session = store.GetOrCreateInUse(Code(i)).Session!;
            store.Save(session, 1, 1);
            session.Uses.End();
        }
    }

    private VisitorStore Store(int maxVisitors = 1_000_000) => new(
        Options.Create(new KameleoonOptions { SessionDuration = Session, MaxVisitors = maxVisitors }), _clock);
}
