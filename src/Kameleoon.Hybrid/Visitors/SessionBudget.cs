namespace Kameleoon.Hybrid;

/// <summary>Counts the visitors in memory, sessions and idle ones, and the bytes they occupy, and compares both with the limits.
/// </summary>
/// <param name="maxVisitors">The largest number of visitors.</param>
/// <param name="maxBytes">The largest number of bytes, estimated.</param>
internal sealed class SessionBudget(int maxVisitors, long maxBytes)
{
    private int _count;
    private long _bytes;

    /// <summary>The number of visitors in memory.</summary>
    internal int Count => Volatile.Read(ref _count);

    /// <summary>The bytes of memory that the visitors occupy, estimated.</summary>
    internal long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether there are more visitors or bytes than allowed.</summary>
    internal bool IsExceeded => Count > maxVisitors || Bytes > maxBytes;

    /// <summary>Counts a new session. Its bytes are counted by <see cref="Recount"/>.</summary>
    internal void Add() => Interlocked.Increment(ref _count);

    /// <summary>Counts idle visitors, or stops counting them if the number is negative.</summary>
    internal void AddIdle(int visitors)
    {
        Interlocked.Add(ref _count, visitors);
        Interlocked.Add(ref _bytes, (long)visitors * IdleVisitor.Size);
    }

    /// <summary>Adds the difference between the session's current size and the size counted last.</summary>
    internal void Recount(VisitorSession session)
    {
        if (session.Recount() is var difference and not 0)
        {
            Interlocked.Add(ref _bytes, difference);
        }
    }

    /// <summary>Stops counting a session.</summary>
    internal void Remove(VisitorSession session)
    {
        Interlocked.Decrement(ref _count);
        Interlocked.Add(ref _bytes, -session.Uncount());
    }
}
