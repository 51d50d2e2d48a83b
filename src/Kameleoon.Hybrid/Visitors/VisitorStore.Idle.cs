using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid;

// Visitors who are rows of a table while nothing uses their sessions. Most visitors have one page: were they objects, the garbage
// collector would have to move them, and pages would wait for it.
internal sealed partial class VisitorStore
{
    private const int MaxNewSessions = 256;

    private readonly RowTable<IdleVisitor> _idle = new();
    private readonly NewSessions _new = new(Math.Clamp(options.Value.MaxVisitors / 16, 1, MaxNewSessions));

    private enum SessionUse
    {
        /// <summary>No one tells the end of the use.</summary>
        Lasting,

        /// <summary>Until <see cref="EndUse"/>.</summary>
        Request,
    }

    /// <summary>Whether a visitor is in memory. Does not prolong the session.</summary>
    internal bool Contains(string code) =>
        _sessions.ContainsKey(code) || (ShortCode.TryRead(code, out var key) && _idle.TryFind(key, out _));

    /// <summary>Does the same as <see cref="Find(string)"/> for a request, which calls <see cref="EndUse"/> in the end.</summary>
    internal VisitorSession? FindForRequest(string code) => Find(code, SessionUse.Request);

    /// <summary>Does the same as <see cref="GetOrCreate(string)"/> for a request, which calls <see cref="EndUse"/> in the end.
    /// </summary>
    internal VisitorSession GetOrCreateForRequest(string code) => GetOrCreate(code, SessionUse.Request);

    /// <summary>A request does not use a session any more.</summary>
    internal static void EndUse(VisitorSession session) => session.Uses.End();

    private VisitorSession? Find(string code, SessionUse use)
    {
        if (Locate(code, use) is not { } session)
        {
            return null;
        }

        if (session.Touch(_clock.Timestamp, _lifetime))
        {
            return session;
        }

        if (use == SessionUse.Request)
        {
            EndUse(session);
        }

        return null;
    }

    private VisitorSession GetOrCreate(string code, SessionUse use)
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
                Keep(added, use);
                return added;
            }
        }
    }

    // Finds a session, and begins to use it.
    private VisitorSession? Locate(string code, SessionUse use)
    {
        while (_sessions.TryGetValue(code, out var session) || TryWake(code, out session))
        {
            if (TryBegin(session, use))
            {
                return session;
            }

            RemoveRested(session);
        }

        return null;
    }

    private static bool TryBegin(VisitorSession session, SessionUse use) =>
        use == SessionUse.Request ? session.Uses.TryBegin() : session.Uses.TryBeginLasting();

    private void Keep(VisitorSession added, SessionUse use)
    {
        _budget.Add();
        if (use == SessionUse.Lasting)
        {
            _rotation.Add(added);
        }
        else if (_new.Add(added) is { } former)
        {
            Settle(former);
        }

        Recount(added);
    }

    // A session that was new a while ago.
    private void Settle(VisitorSession session)
    {
        if (!session.IsGone && !TryRest(session))
        {
            _rotation.Add(session);
        }
    }

    private bool SettleAll()
    {
        var areAny = false;
        foreach (var session in _new.TakeAll())
        {
            Settle(session);
            areAny = true;
        }

        return areAny;
    }

    // The row comes first, so that whoever notices the end of the session's uses finds the row.
    private bool TryRest(VisitorSession session)
    {
        if (!session.Uses.AreNone(out var state) || !IdleVisitor.TryCopy(session, out var code, out var copy))
        {
            return false;
        }

        _budget.AddIdle(_idle.Set(code, copy) ? 1 : 0);
        if (!session.Uses.TryEndAll(state))
        {
            RemoveIdle(code);
            return false;
        }

        session.End();
        RemoveRested(session);
        return true;
    }

    private void RemoveRested(VisitorSession session)
    {
        if (_sessions.TryRemove(KeyValuePair.Create(session.Code, session)))
        {
            _budget.Remove(session);
            session.Record.Release();
        }
    }

    private bool TryWake(string code, [NotNullWhen(true)] out VisitorSession? session)
    {
        session = null;
        if (_idle.Count == 0 || !ShortCode.TryRead(code, out var key) || !_idle.TryFind(key, out var idle))
        {
            return false;
        }

        if (idle.IsOver(_clock.Timestamp, _lifetime))
        {
            RemoveIdle(key);
            return false;
        }

        var woken = idle.ToSession(code);
        session = _sessions.GetOrAdd(code, woken);
        if (!ReferenceEquals(session, woken))
        {
            return true;
        }

        if (!RemoveIdle(key))
        {
            // Another thread woke the visitor, whose session has ended since.
            woken.End();
            _sessions.TryRemove(KeyValuePair.Create(code, woken));
            return false;
        }

        _budget.Add();
        _rotation.Add(woken);
        Recount(woken);
        return true;
    }

    private bool RemoveIdle(ShortCode key)
    {
        var isRemoved = _idle.Remove(key);
        _budget.AddIdle(isRemoved ? -1 : 0);
        return isRemoved;
    }
}
