using System.Collections.Concurrent;
using Microsoft.Extensions.Options;

namespace Kameleoon.Hybrid;

/// <summary>The visitors of the running sessions, in memory.</summary>
/// <remarks>
/// A dictionary finds them, queues take turns: a sweep looks at the sessions of a queue and puts those that go on back
/// at its end. When there is no room, for visitors or for what was said of them, the first in a queue whom nobody asked for
/// since its last turn leaves.
/// </remarks>
internal sealed class VisitorStore(IOptions<KameleoonOptions> options, TimeProvider clock)
{
    // When everybody came lately, looking for somebody who did not must end somewhere.
    private const int MaxSecondChances = 16;
    private const int MaxLooks = 4 * Queues;

    // A sweep looks at one queue; all of them take half a session. Few long queues would grow by megabytes at once.
    private const int Queues = 128;

    // Forgetting takes about a microsecond each: nobody else waits for that, but a slice is over within one millisecond.
    private const int Slice = 500;

    private readonly ConcurrentDictionary<string, VisitorSession> _sessions = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<VisitorSession>[] _turns =
        [.. Enumerable.Range(0, Queues).Select(_ => new ConcurrentQueue<VisitorSession>())];

    // Who leads where changes rarely: at a link, and when a visitor is forgotten.
    private readonly Lock _links = new();
    private readonly int _capacity = options.Value.MaxVisitors;
    private readonly long _maxBytes = options.Value.MaxVisitorBytes;
    private readonly long _lifetime = (long)(options.Value.SessionDuration.TotalSeconds * clock.TimestampFrequency);
    private int _count;
    private long _bytes;
    private long _version = VisitorSnapshot.LastShared;
    private int _tail;
    private int _head;
    private int _swept;
    private int _unswept;
    private ConcurrentQueue<VisitorSession>? _sweeping;

    /// <summary>How many visitor codes are kept.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>About how many bytes of memory they take.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whoever reports events that wait with a visitor who is forgotten.</summary>
    internal Action<VisitorSnapshot>? Leaving { get; set; }

    /// <summary>Whoever tells other servers of changes: the code, and what was known before and after.</summary>
    internal Action<string, VisitorSnapshot, VisitorSnapshot>? Changed { get; set; }

    /// <summary>Whoever tells other servers whose a code is, once that changed.</summary>
    internal Action<VisitorSession>? Identified { get; set; }

    /// <summary>The visitors, while others come and go. Looking at them prolongs no session.</summary>
    internal IEnumerable<VisitorSession> Sessions => _sessions.Select(static session => session.Value);

    /// <summary>The time between two sweeps.</summary>
    internal TimeSpan SweepInterval { get; } = options.Value.SessionDuration / (2 * Queues);

    /// <summary>Finds the session of a code and prolongs it, or gives null when nothing is kept.</summary>
    internal VisitorSession? Find(string code) =>
        _sessions.TryGetValue(code, out var session) && Prolong(session) ? session : null;

    /// <summary>Finds the session of a code without prolonging it.</summary>
    internal VisitorSession? Peek(string code) => _sessions.GetValueOrDefault(code);

    /// <summary>Prolongs a session, or says that it is over.</summary>
    internal bool Prolong(VisitorSession session) => session.Touch(clock.GetTimestamp(), _lifetime);

    internal VisitorSession GetOrCreate(string code)
    {
        while (true)
        {
            var now = clock.GetTimestamp();
            if (_sessions.TryGetValue(code, out var known))
            {
                if (known.Touch(now, _lifetime))
                {
                    return known;
                }

                if (known.TryEnd(now, _lifetime))
                {
                    Forget(known);
                }

                continue;
            }

            var added = new VisitorSession(code, new VisitorRecord(clock.GetUtcNow()), now);
            if (_sessions.TryAdd(code, added))
            {
                Next(ref _tail).Enqueue(added);
                Interlocked.Increment(ref _count);
                Recount(added);
                return added;
            }
        }
    }

    /// <summary>Changes what is known of a visitor, whatever others change at the same time.</summary>
    /// <param name="code">The visitor code.</param>
    /// <param name="state">What <paramref name="change"/> needs.</param>
    /// <param name="change">Gives the changed snapshot; called again when another change came between.</param>
    /// <returns>The snapshot before the change.</returns>
    internal VisitorSnapshot Update<TState>(
        string code,
        TState state,
        Func<VisitorSnapshot, TState, VisitorSnapshot> change)
    {
        while (true)
        {
            var session = GetOrCreate(code);
            if (TryChange(session.Record, state, change, out var before, out var after))
            {
                Recount(session);
                Changed?.Invoke(session.Person ?? code, before, after);
                return before;
            }

            session.End();
            Forget(session);
        }
    }

    /// <summary>The same for what other servers need not hear of, or told themselves.</summary>
    internal VisitorSnapshot UpdateHere<TState>(
        VisitorSession session,
        TState state,
        Func<VisitorSnapshot, TState, VisitorSnapshot> change)
    {
        if (TryChange(session.Record, state, change, out var before, out _))
        {
            Recount(session);
        }

        return before;
    }

    /// <summary>A visitor takes more memory than before, or less: whoever was not seen for long makes room.</summary>
    internal void Recount(VisitorSession session)
    {
        if (session.Recount() is var more and not 0)
        {
            Interlocked.Add(ref _bytes, more);
        }

        while ((Count > _capacity || Bytes > _maxBytes) && TryMakeRoom(session))
        {
        }
    }

    /// <returns>False when the record's visitor is forgotten.</returns>
    private bool TryChange<TState>(
        VisitorRecord record,
        TState state,
        Func<VisitorSnapshot, TState, VisitorSnapshot> change,
        out VisitorSnapshot before,
        out VisitorSnapshot after)
    {
        while (true)
        {
            var known = before = record.Known;
            if (record.HasEnded)
            {
                after = known;
                return false;
            }

            var changed = change(known, state);
            if (changed.Version == known.Version && !ReferenceEquals(known, changed))
            {
                changed = changed with
                {
                    Version = Interlocked.Increment(ref _version),
                    Size = VisitorSize.Of(changed),
                };
            }

            if (ReferenceEquals(known, changed) || record.TryReplace(known, changed))
            {
                after = changed;
                return true;
            }
        }
    }

    /// <summary>Makes a code another name of the person behind a code; what was kept under it is forgotten, but for the
    /// events that waited.</summary>
    internal void Link(string code, string alias)
    {
        if (TryLinkHere(code, alias) is { } linked)
        {
            Identified?.Invoke(linked);
        }
    }

    /// <summary>The same for what other servers told themselves.</summary>
    /// <returns>The session of the alias, or null when nothing changed.</returns>
    internal VisitorSession? TryLinkHere(string code, string alias)
    {
        lock (_links)
        {
            var (other, person) = (GetOrCreate(alias), GetOrCreate(code));
            var forgotten = other.Record;

            // Where there is room for one visitor only, the one makes the other leave.
            if (ReferenceEquals(forgotten, person.Record) || forgotten.HasEnded || person.Record.HasEnded)
            {
                return null;
            }

            person.Record.Hold();
            (other.Record, other.Person) = (person.Record, person.Person ?? code);
            Recount(other);
            Release(forgotten);
            return other;
        }
    }

    /// <summary>Says whether a code is a person's own rather than a browser's.</summary>
    internal void MarkUnique(string code, bool isUnique)
    {
        var session = GetOrCreate(code);
        if (session.IsUnique != isUnique)
        {
            session.IsUnique = isUnique;
            Identified?.Invoke(session);
        }
    }

    /// <summary>Forgets a visitor at once, and what waited for an answer with them.</summary>
    /// <returns>How many events waited.</returns>
    internal int Remove(string code)
    {
        if (Peek(code) is not { } session)
        {
            return 0;
        }

        var before = UpdateHere(session, 0, static (known, _) => known with { Held = [] });
        session.End();
        Forget(session);
        return before.Held.Length;
    }

    /// <summary>Looks at some more sessions and forgets those that are over, and everybody's decisions, so that no old
    /// data file outlives its successor by more than half a session. Called by one sweeper.</summary>
    /// <returns>Whether the queue whose turn it is has more.</returns>
    internal bool Sweep()
    {
        if (_unswept == 0)
        {
            _sweeping = Next(ref _swept);
            _unswept = _sweeping.Count;
        }

        var queue = _sweeping!;
        var now = clock.GetTimestamp();
        for (var left = Slice; left > 0 && _unswept > 0; left--, _unswept--)
        {
            if (!queue.TryDequeue(out var session))
            {
                _unswept = 0;
                break;
            }

            if (session.TryEnd(now, _lifetime))
            {
                Forget(session);
            }
            else
            {
                session.TakeSeen();
                queue.Enqueue(session);
                if (session.ForgetDecisions())
                {
                    Recount(session);
                }
            }
        }

        return _unswept > 0;
    }

    /// <summary>The application ends, and with it what waited for an answer.</summary>
    internal void End()
    {
        foreach (var (_, session) in _sessions)
        {
            if (TryChange(session.Record, 0, static (known, _) => known with { Held = [] }, out var known, out _)
                && known.Held.Length > 0)
            {
                Leaving?.Invoke(known);
            }
        }
    }

    /// <returns>Whether a visitor left.</returns>
    private bool TryMakeRoom(VisitorSession newcomer)
    {
        var chances = MaxSecondChances;
        for (var looks = 0; looks < MaxLooks; looks++)
        {
            var queue = Next(ref _head);
            if (!queue.TryDequeue(out var session))
            {
                continue;
            }

            if (ReferenceEquals(session, newcomer) || (!session.IsGone && session.TakeSeen() && chances-- > 0))
            {
                queue.Enqueue(session);
                continue;
            }

            session.End();
            if (Forget(session))
            {
                return true;
            }
        }

        return false;
    }

    private ConcurrentQueue<VisitorSession> Next(ref int turn) =>
        _turns[(uint)Interlocked.Increment(ref turn) % Queues];

    private bool Forget(VisitorSession session)
    {
        if (!_sessions.TryRemove(KeyValuePair.Create(session.Code, session)))
        {
            return false;
        }

        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -session.Uncount());
        lock (_links)
        {
            Release(session.Record);
        }

        return true;
    }

    // The visitor goes with the last code, and what waits goes its own way.
    private void Release(VisitorRecord record)
    {
        if (record.Release() is { Held.Length: > 0 } known)
        {
            Leaving?.Invoke(known);
        }
    }
}
