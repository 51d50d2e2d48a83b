namespace Kameleoon.Hybrid;

/// <summary>Counts the uses of a session, so that a session without any can become an <see cref="IdleVisitor"/>. Safe for
/// concurrent use.</summary>
internal struct SessionUses
{
    // The number of uses, how often one began, so that a use that began and ended meanwhile is noticed, and two marks.
    private const int One = 1;
    private const int Count = (1 << 10) - 1;
    private const int OneMore = 1 << 10;
    private const int Begun = ((1 << 20) - 1) << 10;
    private const int Lasting = 1 << 30;
    private const int Over = int.MinValue;

    private int _state;

    /// <summary>Begins a use that <see cref="End"/> ends.</summary>
    /// <returns>False if the session has become an idle visitor.</returns>
    internal bool TryBegin()
    {
        while (Volatile.Read(ref _state) is >= 0 and var before)
        {
            if ((before & Count) == Count)
            {
                return TryBeginLasting();
            }

            var after = ((before + One) & ~Begun) | ((before + OneMore) & Begun);
            if (Interlocked.CompareExchange(ref _state, after, before) == before)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Begins a use whose end is not reported, so that the session remains an object until it expires.</summary>
    /// <returns>False if the session has become an idle visitor.</returns>
    internal bool TryBeginLasting() =>
        (Volatile.Read(ref _state) & (Lasting | Over)) == Lasting || Interlocked.Or(ref _state, Lasting) >= 0;

    /// <summary>Ends a use that <see cref="TryBegin"/> began.</summary>
    internal void End()
    {
        var before = Volatile.Read(ref _state);
        while ((before & Count) != 0)
        {
            var now = Interlocked.CompareExchange(ref _state, before - One, before);
            if (now == before)
            {
                return;
            }

            before = now;
        }
    }

    /// <summary>Whether the session is not used. <see cref="TryEndAll"/> needs what this returns.</summary>
    internal readonly bool AreNone(out int state)
    {
        state = Volatile.Read(in _state);
        return (state & (Count | Lasting | Over)) == 0;
    }

    /// <summary>Forbids further uses, unless one began since <see cref="AreNone"/>.</summary>
    internal bool TryEndAll(int state) => Interlocked.CompareExchange(ref _state, Over, state) == state;
}
