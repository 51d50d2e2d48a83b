namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The recent loads of the engine by one kind of browser: the cookie of each, and whether a page was
/// reported since.</summary>
/// <remarks>Several visitors may use the same kind of browser at once: only a load that stays without a report of its own
/// code is a doubt.</remarks>
internal sealed class EngineLoads
{
    private const int Limit = 100;

    private readonly List<Load> _loads = [];

    internal void Add(string? cookie, DateTimeOffset now, TimeSpan life)
    {
        Expire(now, life);
        if (_loads.Count >= Limit)
        {
            _loads.RemoveAt(0);
        }

        _loads.Add(new Load(cookie, now));
    }

    /// <summary>Matches a reported page with a load, and returns the cookie of the load when it holds another code.
    /// </summary>
    internal string? MatchPage(string code, DateTimeOffset now, TimeSpan life)
    {
        Expire(now, life);
        if (_loads.Exists(load => code.Is(load.Cookie)))
        {
            _loads.ForEach(load => load.Answered |= code.Is(load.Cookie));
            return null;
        }

        // A browser without a cookie may report any code.
        var open = _loads.Find(load => !load.Answered && load.Cookie is null) ?? _loads.Find(load => !load.Answered);
        if (open is not null)
        {
            open.Answered = true;
        }

        return open?.Cookie;
    }

    private void Expire(DateTimeOffset now, TimeSpan life) => _loads.RemoveAll(load => now - load.Time >= life);

    private sealed class Load(string? cookie, DateTimeOffset time)
    {
        internal string? Cookie { get; } = cookie;

        internal DateTimeOffset Time { get; } = time;

        internal bool Answered { get; set; }
    }
}
