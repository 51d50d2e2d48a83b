using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The session of one visitor code: its record, its expiry and its remembered decisions.</summary>
/// <param name="code">The visitor code.</param>
/// <param name="record">The visitor's data. Replaced when the code is linked to another visitor's.</param>
/// <param name="now">The current timestamp.</param>
internal sealed class VisitorSession(string code, VisitorRecord record, long now)
{
    private const long Gone = long.MinValue;
    private const int Uncounted = -1;

    // Bytes of a session, its record with one assignment and their store entries; of a memo without its decisions.
    private const int OwnSize = 258;
    private const int MemoSize = 128;

    private VisitorRecord _record = record;
    private SessionUses _uses;
    private long _lastSeen = now;
    private bool _seenSinceLastLook;
    private int _sharedAt;
    private int _counted;
    private ushort _remembered;
    private DecisionMemo? _memo;

    internal string Code => code;

    /// <summary>The uses of the session.</summary>
    internal ref SessionUses Uses => ref _uses;

    /// <summary>The timestamp of the last use.</summary>
    internal long LastSeen => Volatile.Read(ref _lastSeen);

    /// <summary>Whether the code identifies a person rather than a browser. Linked codes have their own value.</summary>
    internal bool IsUnique { get; set; }

    /// <summary>The code under which the shared record is stored on other servers, or null if it is this session's own
    /// code.</summary>
    internal string? Person { get; set; }

    /// <summary>When the shared store was last read or the session prolonged there, in seconds of the shared sessions'
    /// clock; 0 for never.</summary>
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

    /// <summary>The estimated bytes of memory of the visitor, as of the last <see cref="Recount"/>.</summary>
    internal int Counted => Volatile.Read(ref _counted);

    /// <summary>The remembered decisions of this code. Codes that share a record may be bucketed differently, so each has
    /// its own.</summary>
    internal DecisionMemo Memo => Volatile.Read(ref _memo)
        ?? Interlocked.CompareExchange(ref _memo, new DecisionMemo(), null)
        ?? Volatile.Read(ref _memo)
        ?? new DecisionMemo();

    /// <summary>Whether the session has ended.</summary>
    internal bool IsGone => LastSeen == Gone;

    /// <summary>Prolongs the session. Returns false if it has ended or expired.</summary>
    /// <param name="now">The current timestamp.</param>
    /// <param name="lifetime">How long a session lasts without use, in timestamp ticks.</param>
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

    /// <summary>Whether the session has neither ended nor expired.</summary>
    internal bool IsSince(long now, long lifetime) => LastSeen is not Gone and var seen && now - seen < lifetime;

    /// <summary>Ends the session if its lifetime is over. An ended session cannot be prolonged.</summary>
    internal bool TryEnd(long now, long lifetime)
    {
        var seen = Volatile.Read(ref _lastSeen);
        return seen == Gone
            || (now - seen >= lifetime && Interlocked.CompareExchange(ref _lastSeen, Gone, seen) == seen);
    }

    internal void End() => Volatile.Write(ref _lastSeen, Gone);

    /// <summary>Records the capacity of the memo, if there is one, for the estimate of memory.</summary>
    internal void Remember(int decisions)
    {
        if (Volatile.Read(ref _memo) is not null)
        {
            Volatile.Write(ref _remembered, (ushort)Math.Min(decisions, ushort.MaxValue));
        }
    }

    /// <summary>Drops the memo, which references the data file of its decisions.</summary>
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

    /// <summary>Updates the estimate of the visitor's memory. Texts were counted when they were added.</summary>
    /// <returns>The change in bytes.</returns>
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

    /// <summary>Removes the visitor from the estimate for good.</summary>
    /// <returns>The bytes counted until now.</returns>
    internal int Uncount() => Math.Max(0, Interlocked.Exchange(ref _counted, Uncounted));

    /// <summary>Returns whether the session was used since the last call. Used sessions are not the first to be evicted.</summary>
    internal bool TakeSeen()
    {
        var seen = Volatile.Read(ref _seenSinceLastLook);
        Volatile.Write(ref _seenSinceLastLook, false);
        return seen;
    }
}
