using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid;

// Visitors who are rows of a table while nothing uses their sessions. Most visitors have one page: were they objects, the garbage
// collector would have to move them, and pages would wait for it.
internal sealed partial class VisitorStore
{
    private const int MaxRecent = 1024;
    private const int MaxMoves = 4;

    private readonly RowTable<IdleVisitor> _idle = new();
    private readonly RecentSessions _recent = new(Math.Clamp(options.Value.MaxVisitors / 16, 1, MaxRecent));

    private enum Duration
    {
        /// <summary>Until the session expires, because the end of the use is not reported.</summary>
        Lasting,

        /// <summary>Until the use ends.</summary>
        Brief,
    }

    /// <summary>Whether a visitor is in memory. Does not prolong the session.</summary>
    internal bool Contains(string code) => KnownOf(code) is not null;

    /// <summary>What is known of a visitor at present, or null if there is no session. Does not prolong the session.</summary>
    internal VisitorSnapshot? KnownOf(string code)
    {
        // A row is removed after the session is there again, so a second look finds the session.
        var known = KnownOfSession(code);
        if (known is null && _idle.WasUsed && ShortCode.TryRead(code, out var key))
        {
            known = _idle.TryFind(key, out var idle) && !idle.IsOver(_clock.Timestamp, _lifetime) ? idle.Known : KnownOfSession(code);
        }

        return known;
    }

    /// <summary>Does the same as <see cref="Find(string)"/> for a use that ends.</summary>
    internal SessionInUse FindInUse(string code) => new(Find(code, Duration.Brief));

    /// <summary>Does the same as <see cref="Peek"/> for a use that ends.</summary>
    internal SessionInUse PeekInUse(string code) => new(Locate(code, Duration.Brief));

    /// <summary>Does the same as <see cref="GetOrCreate(string)"/> for a use that ends.</summary>
    internal SessionInUse GetOrCreateInUse(string code) => new(GetOrCreate(code, Duration.Brief));

    private VisitorSession? Find(string code, Duration use)
    {
        if (Locate(code, use) is not { } session)
        {
            return null;
        }

        if (session.Touch(_clock.Timestamp, _lifetime))
        {
            return session;
        }

        if (use == Duration.Brief)
        {
            session.Uses.End();
        }

        return null;
    }

    private VisitorSession GetOrCreate(string code, Duration use)
    {
        while (true)
        {
            var now = _clock.Timestamp;
            if (Locate(code, use) is { } known)
            {
                if (known.Touch(now, _lifetime))
                {
                    return known;
                }

                if (known.TryEnd(now, _lifetime))
                {
                    TryRemove(known);
                }

                continue;
            }

            var added = new VisitorSession(code, new VisitorRecord(_clock.UtcNow), now);
            TryBegin(added, use);
            if (_sessions.TryAdd(code, added))
            {
                _budget.Add();
                AddToSweep(added, use);
                Recount(added);
                return added;
            }
        }
    }

    // Finds a session, and begins to use it. A row is removed after the session is there again, so a second look finds the session.
    private VisitorSession? Locate(string code, Duration use)
    {
        while (_sessions.TryGetValue(code, out var session)
            || (_idle.WasUsed && (TryRestore(code, use, out session) || _sessions.TryGetValue(code, out session))))
        {
            if (TryBegin(session, use))
            {
                return session;
            }

            RemoveMoved(session);
        }

        return null;
    }

    private static bool TryBegin(VisitorSession session, Duration use) =>
        use == Duration.Brief ? session.Uses.TryBegin() : session.Uses.TryBeginLasting();

    private void AddToSweep(VisitorSession session, Duration use)
    {
        if (use == Duration.Lasting)
        {
            _rotation.Add(session);
            return;
        }

        // A session that is still used stays among the recent ones. Where most are used, there are too many for that.
        var former = _recent.Add(session);
        for (var moves = 0; moves < MaxMoves && former is { IsGone: false } && !TryMoveToRow(former); moves++)
        {
            former = _recent.Add(former);
        }

        if (former is { IsGone: false })
        {
            _rotation.Add(former);
        }
    }

    // Sessions that are still used are swept from now on.
    private bool MoveRecentToRows()
    {
        var areAny = false;
        foreach (var session in _recent.RemoveAll())
        {
            areAny = true;
            if (!session.IsGone && !TryMoveToRow(session))
            {
                _rotation.Add(session);
            }
        }

        return areAny;
    }

    // The row comes first, so that a thread that sees the end of the session's uses finds the row.
    private bool TryMoveToRow(VisitorSession session)
    {
        if (!session.Uses.AreNone(out var state) || !IdleVisitor.TryCopy(session, out var code, out var copy))
        {
            return false;
        }

        _budget.AddIdle(_idle.Set(code, copy) ? 1 : 0);
        if (!session.Uses.TryEndAll(state))
        {
            RemoveRow(code);
            return false;
        }

        session.End();
        RemoveMoved(session);
        return true;
    }

    private void RemoveMoved(VisitorSession session)
    {
        if (_sessions.TryRemove(KeyValuePair.Create(session.Code, session)))
        {
            _budget.Remove(session);
            session.Record.Release();
        }
    }

    private bool TryRestore(string code, Duration use, [NotNullWhen(true)] out VisitorSession? session)
    {
        session = null;
        if (!ShortCode.TryRead(code, out var key) || !_idle.TryFind(key, out var idle))
        {
            return false;
        }

        if (idle.IsOver(_clock.Timestamp, _lifetime))
        {
            RemoveRow(key);
            return false;
        }

        var restored = idle.ToSession(code);
        session = _sessions.GetOrAdd(code, restored);
        if (!ReferenceEquals(session, restored))
        {
            return true;
        }

        _budget.Add();
        if (!RemoveRow(key))
        {
            // The row was evicted, or another thread restored the session, which has ended since.
            restored.End();
            TryRemove(restored);
            return false;
        }

        // Without eviction: a caller may hold a lock that reporting the events of evicted visitors needs.
        AddToSweep(restored, use);
        _budget.Recount(restored);
        return true;
    }

    private bool RemoveRow(ShortCode key)
    {
        var isRemoved = _idle.Remove(key);
        _budget.AddIdle(isRemoved ? -1 : 0);
        return isRemoved;
    }

    private VisitorSnapshot? KnownOfSession(string code) => _sessions.TryGetValue(code, out var session)
        && session.IsSince(_clock.Timestamp, _lifetime)
        && session.Record is { HasEnded: false, Known: var known } ? known : null;
}
