using System.Collections.Concurrent;
using Kameleoon.Hybrid.Decisions;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>Keeps the visitors of the running sessions in memory, by visitor code.</summary>
/// <remarks>Reading is lock-free. Above the limits, sessions that were not used recently are evicted.</remarks>
/// <param name="options">The limits and the duration of a session.</param>
/// <param name="time">The clock of sessions.</param>
/// <param name="forgotten">Receives the events of visitors that are removed, or null.</param>
/// <param name="changes">Is notified of changes, or null.</param>
internal sealed partial class VisitorStore(
    IOptions<KameleoonOptions> options,
    TimeProvider time,
    IForgottenVisitorListener? forgotten = null,
    IVisitorChangeListener? changes = null)
{
    private readonly ConcurrentDictionary<string, VisitorSession> _sessions = new(StringComparer.Ordinal);
    private readonly SessionRotation _rotation = new();
    private readonly SessionBudget _budget = new(options.Value.MaxVisitors, options.Value.MaxVisitorBytes);
    private readonly SessionClock _clock = new(time);
    private readonly long _lifetime = (long)(options.Value.SessionDuration.TotalSeconds * SessionClock.FrequencyOf(time));
    private readonly SnapshotChanges _snapshots = new();
    private readonly RecordOwnership _records = new(forgotten, changes);

    /// <summary>The number of visitor codes in memory.</summary>
    internal int Count => _budget.Count;

    /// <summary>The bytes of memory that the visitors occupy, estimated.</summary>
    internal long Bytes => _budget.Bytes;

    /// <summary>The sessions in memory. Safe to enumerate while others change; does not prolong the sessions.</summary>
    internal IEnumerable<VisitorSession> Sessions => _sessions.Select(static session => session.Value);

    /// <summary>The time between two calls of <see cref="Sweep"/> until it returns false.</summary>
    internal TimeSpan SweepInterval { get; } = options.Value.SessionDuration / (2 * SessionRotation.Queues);

    /// <summary>Finds the session of a code and prolongs it. Returns null if there is none or it has expired.</summary>
    internal VisitorSession? Find(string code) => Find(code, Duration.Lasting);

    /// <summary>Finds the session of a code without prolonging it.</summary>
    internal VisitorSession? Peek(string code) => Locate(code, Duration.Lasting);

    /// <summary>Prolongs a session that is used from now on.</summary>
    /// <returns>False if it has expired.</returns>
    internal bool Prolong(VisitorSession session) =>
        session.Uses.TryBeginLasting() && session.Touch(_clock.Timestamp, _lifetime);

    /// <summary>Finds the session of a code and prolongs it, or starts a new one.</summary>
    internal VisitorSession GetOrCreate(string code) => GetOrCreate(code, Duration.Lasting);

    /// <summary>Changes a visitor's data and notifies other servers. Safe for concurrent changes.</summary>
    /// <param name="code">The visitor code.</param>
    /// <param name="state">What <paramref name="change"/> needs.</param>
    /// <param name="change">Returns the changed snapshot. Called again after a concurrent change.</param>
    /// <returns>The snapshot before the change.</returns>
    internal VisitorSnapshot Update<TState>(
        string code,
        TState state,
        Func<VisitorSnapshot, TState, VisitorSnapshot> change)
    {
        while (true)
        {
            using var use = GetOrCreateInUse(code);
            var session = use.Session!;
            if (_snapshots.TryChange(session.Record, state, change, out var before, out var after))
            {
                Recount(session);
                changes?.OnChanged(session.Person ?? code, before, after);
                return before;
            }

            session.End();
            TryRemove(session);
        }
    }

    /// <summary>Changes a visitor's data without notifying other servers.</summary>
    /// <returns>The snapshot before the change.</returns>
    internal VisitorSnapshot UpdateHere<TState>(
        VisitorSession session,
        TState state,
        Func<VisitorSnapshot, TState, VisitorSnapshot> change)
    {
        if (_snapshots.TryChange(session.Record, state, change, out var before, out _))
        {
            Recount(session);
        }

        return before;
    }

    /// <summary>Returns the decisions remembered for a session's code.</summary>
    internal DecisionMemo MemoOf(VisitorSession session)
    {
        var memo = session.Memo;
        Recount(session);
        return memo;
    }

    /// <summary>Counts the room that the memo of a session has for decisions.</summary>
    internal void CountDecisions(VisitorSession session, int decisions)
    {
        session.Remember(decisions);
        Recount(session);
    }

    /// <summary>Gives two sessions the person's record, and reports the waiting events of the alias.</summary>
    /// <returns>False if both have one record already, or one of them was evicted.</returns>
    internal bool TryShareRecord(VisitorSession person, VisitorSession alias)
    {
        if (!_records.TryShare(person, alias, out var replaced))
        {
            return false;
        }

        Recount(alias);
        _records.Release(replaced, alias.Code);
        return true;
    }

    /// <summary>Removes a visitor at once, and the events that were waiting.</summary>
    /// <returns>The number of events that were waiting.</returns>
    internal int Remove(string code)
    {
        if (Peek(code) is not { } session)
        {
            return 0;
        }

        var before = UpdateHere(session, 0, WithoutWaiting);
        var waiting = before.Mapping?.Withdraw() ?? 0;
        session.End();
        TryRemove(session);
        return waiting + before.Held.Length + before.Carried.Count(static carried => !carried.IsElsewhere && carried.TryTake());
    }

    /// <summary>Reports the events that are still waiting, because the application stops.</summary>
    internal void End()
    {
        foreach (var (_, session) in _sessions)
        {
            if (_snapshots.TryChange(session.Record, 0, WithoutWaiting, out var last, out _))
            {
                _records.End(session.Record, last, session.Person ?? session.Code);
            }
        }
    }

    private static VisitorSnapshot WithoutWaiting(VisitorSnapshot known, int _) => known with { Held = [], Carried = [] };

    private bool TryRemove(VisitorSession session)
    {
        if (!_sessions.TryRemove(KeyValuePair.Create(session.Code, session)))
        {
            return false;
        }

        _budget.Remove(session);
        _records.Release(session.Record, session.Person ?? session.Code);
        return true;
    }
}
