namespace Kameleoon.Hybrid;

/// <summary>Tells whether a store that answers writes nobody's links any more: a full disk can still be read.</summary>
internal sealed class RefusedLinks
{
    private const int ManyUsers = 3;

    private readonly Lock _gate = new();
    private readonly HashSet<string> _users = new(StringComparer.Ordinal);
    private string? _problem;

    /// <summary>What it said last, once it refused several users in a row, or null.</summary>
    internal string? Problem => Volatile.Read(ref _problem);

    /// <returns>Whether this begins it.</returns>
    internal bool Add(string userKey, string problem)
    {
        lock (_gate)
        {
            if (_users.Count < ManyUsers)
            {
                _users.Add(userKey);
            }

            var begins = _problem is null && _users.Count == ManyUsers;
            Volatile.Write(ref _problem, _users.Count == ManyUsers ? problem : null);
            return begins;
        }
    }

    /// <summary>A link was written.</summary>
    /// <returns>Whether this ends it.</returns>
    internal bool Clear()
    {
        lock (_gate)
        {
            var ends = _problem is not null;
            _users.Clear();
            Volatile.Write(ref _problem, null);
            return ends;
        }
    }
}
