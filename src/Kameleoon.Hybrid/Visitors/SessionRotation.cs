using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid;

/// <summary>The order in which sessions are checked for expiry and considered for eviction.</summary>
/// <remarks>Sessions are spread over queues, and the queues take turns: the sweeper reads one queue at a time, and an
/// eviction starts at the next queue. A few long queues would grow by megabytes at once. Lock-free.</remarks>
internal sealed class SessionRotation
{
    /// <summary>The number of queues. Sweeping all of them takes half a session's duration.</summary>
    internal const int Queues = 128;

    // If every session was used recently, the search for an unused one has to stop.
    private const int MaxSecondChances = 16;
    private const int MaxAttempts = 4 * Queues;

    private readonly ConcurrentQueue<VisitorSession>[] _queues =
        [.. Enumerable.Range(0, Queues).Select(_ => new ConcurrentQueue<VisitorSession>())];

    private int _nextToFill;
    private int _nextToEvict;
    private int _nextToSweep;
    private int _unswept;
    private ConcurrentQueue<VisitorSession>? _sweeping;

    /// <summary>Whether the queue that is being swept has sessions that were not swept yet.</summary>
    internal bool HasUnswept => _unswept > 0;

    internal void Add(VisitorSession session) => Next(ref _nextToFill).Enqueue(session);

    /// <summary>Starts with the next queue, if the last one was swept to its end. Called by one sweeper.</summary>
    internal void BeginSweep()
    {
        if (_unswept == 0)
        {
            _sweeping = Next(ref _nextToSweep);
            _unswept = _sweeping.Count;
        }
    }

    /// <summary>Takes the next session of the queue that is being swept.</summary>
    /// <returns>False when the end of the queue is reached.</returns>
    internal bool TryTakeUnswept([NotNullWhen(true)] out VisitorSession? session)
    {
        session = null;
        if (_unswept > 0 && _sweeping!.TryDequeue(out session))
        {
            _unswept--;
            return true;
        }

        _unswept = 0;
        return false;
    }

    /// <summary>Puts a swept session back to the end of its queue.</summary>
    internal void PutBack(VisitorSession session) => _sweeping!.Enqueue(session);

    /// <summary>Evicts a session that was not used since it was last considered, or any one if there is none.</summary>
    /// <param name="newcomer">The session that needs the room, which stays.</param>
    /// <param name="remove">Removes a session, and returns false if it was removed before.</param>
    /// <returns>Whether a session was removed.</returns>
    internal bool TryEvict(VisitorSession newcomer, Func<VisitorSession, bool> remove)
    {
        var chances = MaxSecondChances;
        for (var attempts = 0; attempts < MaxAttempts; attempts++)
        {
            var queue = Next(ref _nextToEvict);
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
            if (remove(session))
            {
                return true;
            }
        }

        return false;
    }

    private ConcurrentQueue<VisitorSession> Next(ref int turn) =>
        _queues[(uint)Interlocked.Increment(ref turn) % Queues];
}
