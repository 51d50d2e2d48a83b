using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>One visitor code's hold on a record, for as long as the code is heard of.</summary>
/// <param name="code">The visitor code.</param>
/// <param name="record">What is kept of the person; another one once the code is linked to it.</param>
/// <param name="now">The current timestamp.</param>
internal sealed class VisitorSession(string code, VisitorRecord record, long now)
{
    private const long Gone = long.MinValue;
    private const int Uncounted = -1;

    // The session, its record with one assignment, and their places in the store; a memo without its list of decisions.
    private const int OwnSize = 258;
    private const int MemoSize = 128;

    private VisitorRecord _record = record;
    private long _lastSeen = now;
    private bool _seenSinceLastLook;
    private int _sharedAt;
    private int _counted;
    private int _remembered;
    private DecisionMemo? _memo;

    internal string Code => code;

    /// <summary>Whether the code is a person's own rather than a browser's. It is not the person's other codes'.</summary>
    internal bool IsUnique { get; set; }

    /// <summary>The code that the record was begun for, where this one was linked to it; else null. What is said of the
    /// person other servers know by that one.</summary>
    internal string? Person { get; set; }

    /// <summary>In seconds of a clock of its own, when the shared store was asked of the visitor, or told that the session
    /// goes on; 0 for never.</summary>
    internal int SharedAt
    {
        get => Volatile.Read(ref _sharedAt);
        set => Volatile.Write(ref _sharedAt, value);
    }

    internal VisitorRecord Record
    {
        get => Volatile.Read(ref _record);
        set => Volatile.Write(ref _record, value);
    }

    /// <summary>About how many bytes of memory the visitor takes, as of the last <see cref="Recount"/>.</summary>
    internal int Counted => Volatile.Read(ref _counted);

    /// <summary>The decisions taken for this code. Codes that share a record are bucketed alike only once one of them is
    /// the mapping identifier, so each has its own.</summary>
    internal DecisionMemo Memo => Volatile.Read(ref _memo)
        ?? Interlocked.CompareExchange(ref _memo, new DecisionMemo(), null)
        ?? Volatile.Read(ref _memo)
        ?? new DecisionMemo();

    internal bool IsGone => Volatile.Read(ref _lastSeen) == Gone;

    /// <summary>Prolongs the session, unless it is over.</summary>
    /// <param name="now">The current timestamp.</param>
    /// <param name="lifetime">How long a session lasts unseen, in the unit of timestamps.</param>
    internal bool Touch(long now, long lifetime)
    {
        while (true)
        {
            var seen = Volatile.Read(ref _lastSeen);
            if (seen == Gone || now - seen >= lifetime)
            {
                return false;
            }

            if (now <= seen || Interlocked.CompareExchange(ref _lastSeen, now, seen) == seen)
            {
                Volatile.Write(ref _seenSinceLastLook, true);
                return true;
            }
        }
    }

    /// <summary>Ends the session if its lifetime is over. An ended session cannot be prolonged.</summary>
    internal bool TryEnd(long now, long lifetime)
    {
        var seen = Volatile.Read(ref _lastSeen);
        return seen == Gone
            || (now - seen >= lifetime && Interlocked.CompareExchange(ref _lastSeen, Gone, seen) == seen);
    }

    internal void End() => Volatile.Write(ref _lastSeen, Gone);

    /// <summary>Notes that the memo, if there is one, has room for so many decisions.</summary>
    internal void Remember(int decisions)
    {
        if (Volatile.Read(ref _memo) is not null)
        {
            Volatile.Write(ref _remembered, decisions);
        }
    }

    /// <summary>Lets go of the memo, which keeps the data file alive that it was filled by.</summary>
    /// <returns>Whether there was one.</returns>
    internal bool ForgetDecisions()
    {
        if (Volatile.Read(ref _memo) is null)
        {
            return false;
        }

        Volatile.Write(ref _memo, null);
        Volatile.Write(ref _remembered, 0);
        return true;
    }

    /// <summary>Finds out how much memory the visitor takes. Cheap: texts were counted when they came.</summary>
    /// <returns>How much more that is than before.</returns>
    internal int Recount()
    {
        while (true)
        {
            var before = Counted;
            var size = OwnSize + (sizeof(char) * code.Length) + Record.Size
                + (Volatile.Read(ref _memo) is null ? 0 : MemoSize + (IntPtr.Size * Volatile.Read(ref _remembered)));
            if (before == Uncounted || size == before)
            {
                return 0;
            }

            if (Interlocked.CompareExchange(ref _counted, size, before) == before)
            {
                return size - before;
            }
        }
    }

    /// <summary>The visitor is forgotten and never counts again.</summary>
    /// <returns>What was counted.</returns>
    internal int Uncount() => Math.Max(0, Interlocked.Exchange(ref _counted, Uncounted));

    /// <summary>Returns whether the session was used since the last call. Used sessions are not the first to be evicted.</summary>
    internal bool TakeSeen()
    {
        var seen = Volatile.Read(ref _seenSinceLastLook);
        Volatile.Write(ref _seenSinceLastLook, false);
        return seen;
    }
}
