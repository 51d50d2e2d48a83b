namespace Kameleoon.Hybrid;

// Visitors whose session is over, and those that there is no room for.
internal sealed partial class VisitorStore
{
    // Removing a session takes about a microsecond, and looking at a row some nanoseconds, so that a call of Sweep is over within
    // one millisecond.
    private const int MaxSweptAtOnce = 500;
    private const int MaxIdleSweptAtOnce = 2048;
    private const int MaxIdleSweptInLock = 128;

    private readonly VisitorSession[] _swept = new VisitorSession[16];
    private int _sweptPart;
    private bool _isSweeping;
    private bool _isSweepingIdle;

    /// <summary>Removes expired sessions of one queue, and the remembered decisions of the others, and a part of the expired idle
    /// visitors. Called by one sweeper.</summary>
    /// <returns>Whether the queue or the part has more of them.</returns>
    /// <remarks>Remembered decisions keep the data file alive that they come from. Removing them here releases an old data
    /// file after half a session at the latest.</remarks>
    internal bool Sweep()
    {
        var (now, removed) = (_clock.Timestamp, 0);
        if (!_isSweeping)
        {
            _rotation.BeginSweep();
            _sweptPart = (_sweptPart + 1) % RowTable<IdleVisitor>.Parts;
            _isSweepingIdle = true;
            removed = SweepRecent(now);
        }

        SweepSessions(now, MaxSweptAtOnce - removed);
        _isSweepingIdle = _isSweepingIdle && SweepIdle(now);
        _isSweeping = _rotation.HasUnswept || _isSweepingIdle;
        return _isSweeping;
    }

    // Where few visitors come, sessions are recent until they expire.
    private int SweepRecent(long now)
    {
        var removed = 0;
        foreach (var session in _recent.All())
        {
            removed += session.TryEnd(now, _lifetime) && TryRemove(session) ? 1 : 0;
            if ((session.IsGone || _sweptPart == 0) && session.ForgetDecisions())
            {
                Recount(session);
            }
        }

        return removed;
    }

    private void SweepSessions(long now, int most)
    {
        var (swept, count) = (0, 0);
        do
        {
            for (count = 0; count < _swept.Length && _rotation.TryTakeUnswept(out var session); count++)
            {
                _swept[count] = session;
            }

            SweepTogether(_swept.AsSpan(0, count), now);
            swept += count;
        }
        while (count > 0 && swept < most);
    }

    // Reads all sessions first: the processor fetches several from memory at the same time, until the first interlocked operation.
    private void SweepTogether(Span<VisitorSession> sessions, long now)
    {
        foreach (var session in sessions)
        {
            _ = !session.IsSince(now, _lifetime) && _sessions.ContainsKey(session.Code) && session.Record.IsShared;
        }

        foreach (var session in sessions)
        {
            SweepSession(session, now);
        }

        sessions.Clear();
    }

    private void SweepSession(VisitorSession session, long now)
    {
        if (session.TryEnd(now, _lifetime))
        {
            TryRemove(session);
            return;
        }

        if (TryMoveToRow(session))
        {
            return;
        }

        session.TakeSeen();
        _rotation.PutBack(session);
        if (session.ForgetDecisions())
        {
            Recount(session);
        }
    }

    private bool SweepIdle(long now)
    {
        var hasMore = true;
        for (var left = MaxIdleSweptAtOnce; left > 0 && hasMore; left -= MaxIdleSweptInLock)
        {
            hasMore = _idle.Sweep(
                _sweptPart,
                MaxIdleSweptInLock,
                (now, _lifetime),
                static (in IdleVisitor idle, (long Now, long Lifetime) session) => idle.IsOver(session.Now, session.Lifetime),
                out var removed);
            _budget.AddIdle(-removed);
        }

        return hasMore;
    }

    // Evicts other sessions if this one has grown beyond what there is room for.
    private void Recount(VisitorSession session)
    {
        _budget.Recount(session);
        while (_budget.IsExceeded && TryEvict(session))
        {
        }
    }

    // Of the larger group, sessions or idle visitors.
    private bool TryEvict(VisitorSession newcomer)
    {
        var idleFirst = _idle.Count > Count / 2;
        return (idleFirst && TryEvictIdle())
            || _rotation.TryEvict(newcomer, TryRemove)
            || TryEvictIdle()
            || MoveRecentToRows();
    }

    private bool TryEvictIdle()
    {
        var isRemoved = _idle.TryRemoveOldest();
        _budget.AddIdle(isRemoved ? -1 : 0);
        return isRemoved;
    }
}
