namespace Kameleoon.Hybrid;

/// <summary>The sessions that requests created last. Most visitors have one page and never come back: their session becomes an
/// <see cref="IdleVisitor"/> before the garbage collector has to move it.</summary>
/// <param name="size">How many sessions are kept before the first one has to go.</param>
internal sealed class NewSessions(int size)
{
    private readonly VisitorSession?[] _places = new VisitorSession?[size];
    private int _next;

    /// <summary>Adds a session.</summary>
    /// <returns>The session whose place it takes, or null.</returns>
    internal VisitorSession? Add(VisitorSession added) =>
        Interlocked.Exchange(ref _places[(uint)Interlocked.Increment(ref _next) % (uint)_places.Length], added);

    /// <summary>Removes all sessions and returns them.</summary>
    internal IEnumerable<VisitorSession> TakeAll()
    {
        for (var place = 0; place < _places.Length; place++)
        {
            if (Volatile.Read(ref _places[place]) is not null && Interlocked.Exchange(ref _places[place], null) is { } taken)
            {
                yield return taken;
            }
        }
    }
}
