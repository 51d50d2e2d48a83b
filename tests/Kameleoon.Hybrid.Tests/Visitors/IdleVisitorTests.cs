using System.Globalization;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid.Tests;

/// <summary>A visitor whom no request uses, and of whom there are only assignments, is kept without objects and loses nothing.
/// </summary>
public sealed class IdleVisitorTests
{
    private const int MostNew = 256;
    private static readonly TimeSpan Session = TimeSpan.FromMinutes(30);

    private readonly ManualClock _clock = new();

    [Fact]
    public void A_visitor_of_one_page_becomes_idle_and_comes_back_with_assignments_consent_and_start()
    {
        var store = Store();
        var started = _clock.GetUtcNow();
        var session = store.GetOrCreateForRequest("anna");
        session.Record.TryReplace(VisitorSnapshot.Empty, VisitorSnapshot.Empty.With(Consent.Given, holdsOn: true));
        store.Save(session, 7, 71);
        session.Record.SetEngines(7, 71, isEngines: true);
        store.Save(session, 8, 82);
        session.SharedAt = 5;
        VisitorStore.EndUse(session);

        Visit(store, MostNew);
        _clock.Advance(TimeSpan.FromMinutes(1));

        IsObject(store, "anna").ShouldBeFalse();
        session.IsGone.ShouldBeTrue();
        store.Contains("anna").ShouldBeTrue();
        store.Count.ShouldBe(MostNew + 1);
        var back = store.Find("anna").ShouldNotBeNull();
        back.Record.FindVariation(7).ShouldBe(71);
        back.Record.FindVariation(8).ShouldBe(82);
        back.Record.IsReported(7, 71).ShouldBeTrue();
        back.Record.IsReported(8, 82).ShouldBeFalse();
        back.Record.Started.ShouldBe(started);
        back.Record.Known.Consent.ShouldBe(Consent.Given);
        back.SharedAt.ShouldBe(5);
        store.Count.ShouldBe(MostNew + 1);
    }

    [Fact]
    public void A_visitor_whom_a_request_still_uses_stays_an_object()
    {
        var store = Store();
        var session = store.GetOrCreateForRequest("anna");
        var other = store.FindForRequest("anna").ShouldNotBeNull();
        VisitorStore.EndUse(other);

        Visit(store, MostNew);
        store.Save(session, 7, 71);
        VisitorStore.EndUse(session);

        store.Find("anna").ShouldBeSameAs(session);
    }

    [Fact]
    public void A_visitor_whom_a_client_outside_of_requests_uses_stays_an_object()
    {
        var store = Store();
        VisitorStore.EndUse(store.GetOrCreateForRequest("anna"));
        var session = store.Find("anna").ShouldNotBeNull();

        Visit(store, MostNew);

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
        var session = store.GetOrCreateForRequest("anna");
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

        VisitorStore.EndUse(session);
        Visit(store, MostNew);

        store.Find("anna").ShouldBeSameAs(session);
    }

    [Fact]
    public void A_code_that_is_not_short_stays_an_object()
    {
        var store = Store();
        var session = store.GetOrCreateForRequest("a-code-of-more-than-16-characters");
        VisitorStore.EndUse(session);

        Visit(store, MostNew);

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
        for (var passed = TimeSpan.Zero; passed <= Session / 2; passed += store.SweepInterval)
        {
            while (store.Sweep())
            {
            }
        }

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

    [Fact]
    public void A_removed_visitor_is_not_idle()
    {
        var store = Store();
        Visit(store, MostNew + 10);

        store.Remove("v0000000000");

        store.Contains("v0000000000").ShouldBeFalse();
        store.Count.ShouldBe(MostNew + 9);
    }

    [Fact]
    public void No_assignment_is_lost_while_visitors_become_idle_and_come_back_on_many_threads()
    {
        const int Visitors = 400;
        var store = Store();

        Parallel.For(0, 200_000, i =>
        {
            // Each visitor gets four assignments, in requests between which they become idle.
            var session = store.GetOrCreateForRequest(Code(i * 7919 % Visitors));
            store.Save(session, 1 + (i / Visitors % IdleVisitor.MaxAssignments), 1);
            VisitorStore.EndUse(session);
            VisitorStore.EndUse(store.GetOrCreateForRequest(Code(1_000 + i)));
        });

        Enumerable.Range(0, Visitors).ShouldAllBe(i =>
            store.Find(Code(i))!.Record.Assignments.Length == IdleVisitor.MaxAssignments);
    }

    [Fact]
    public async Task Visitors_of_one_page_that_passes_its_exposures_to_the_engine_become_idle()
    {
        const int Visitors = MostNew + 100;
        await using var site = await TestSite.StartAsync(map: static app => app.MapGet("/page", (IKameleoonClient client) =>
        {
            client.GetVariation("checkout");
            return client.GetEngineTrackingCode();
        }));

        for (var i = 0; i < Visitors; i++)
        {
            (await site.ReadAsAsync(Code(i), "/page")).ShouldContain("Experiments.assignVariation");
        }

        var store = site.App.Services.GetRequiredService<VisitorStore>();
        store.Count.ShouldBe(Visitors);
        store.Sessions.Count().ShouldBeLessThanOrEqualTo(MostNew);
    }

    private static string Code(int number) => "v" + number.ToString("D10", CultureInfo.InvariantCulture);

    private static bool IsObject(VisitorStore store, string code) => store.Sessions.Any(session => session.Code == code);

    private static void Visit(VisitorStore store, int visitors)
    {
        for (var i = 0; i < visitors; i++)
        {
            var session = store.GetOrCreateForRequest(Code(i));
            store.Save(session, 1, 1);
            VisitorStore.EndUse(session);
        }
    }

    private VisitorStore Store(int maxVisitors = 1_000_000) => new(
        Options.Create(new KameleoonOptions { SessionDuration = Session, MaxVisitors = maxVisitors }), _clock);
}
