namespace Kameleoon.Hybrid;

/// <summary>The sessions that requests created or restored last. A visitor's requests mostly come close together, so the session is
/// an object for them. Most visitors do not return soon, and become an <see cref="IdleVisitor"/> before the garbage collector has
/// to move the object.</summary>
/// <param name="size">How many sessions are kept.</param>
internal sealed class RecentSessions(int size)
{
    private readonly VisitorSession?[] _places = new VisitorSession?[size];
    private int _next;

    /// <summary>Adds a session.</summary>
    /// <returns>The session whose place it takes, or null.</returns>
    internal VisitorSession? Add(VisitorSession added) =>
        Interlocked.Exchange(ref _places[(uint)Interlocked.Increment(ref _next) % (uint)_places.Length], added);

    /// <summary>Returns the sessions, some of which may have ended.</summary>
    internal IEnumerable<VisitorSession> All()
    {
        for (var place = 0; place < _places.Length; place++)
        {
            if (Volatile.Read(ref _places[place]) is { } session)
            {
                yield return session;
            }
        }
    }

    /// <summary>Removes all sessions and returns them.</summary>
    internal IEnumerable<VisitorSession> RemoveAll()
    {
        for (var place = 0; place < _places.Length; place++)
        {
            if (Volatile.Read(ref _places[place]) is not null && Interlocked.Exchange(ref _places[place], null) is { } removed)
            {
                yield return removed;
            }
        }
    }
}
