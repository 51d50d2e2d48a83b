namespace Kameleoon.Hybrid;

/// <summary>What other servers have to hear and the shared store was not told yet: the latest of each entry.</summary>
internal sealed class SharedSessionWrites(IVisitorSessionStore? store = null) : IVisitorChangeListener
{
    /// <summary>How many entries wait at most while the store is away.</summary>
    internal const int Capacity = 100_000;

    private const int BatchSize = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Code, string Name), VisitorSessionEntry> _entries = [];
    private readonly HashSet<string> _goOn = new(StringComparer.Ordinal);
    private readonly List<SharedSessionRead> _reads = [];
    private readonly bool _isOn = store is not null;
    private int _dropped;

    /// <summary>Wakes the loop that writes.</summary>
    internal WakeSignal Wake { get; } = new();

    internal int Count
    {
        get
        {
            lock (_gate)
            {
                return _entries.Count;
            }
        }
    }

    /// <summary>Whether this server knows better than what is read from the store, or than what was.</summary>
    /// <param name="entry">What the store says.</param>
    /// <param name="read">The reading that said it.</param>
    internal bool Has(VisitorSessionEntry entry, SharedSessionRead read)
    {
        var key = (entry.VisitorCode, entry.Name);
        lock (_gate)
        {
            return _entries.ContainsKey(key) || read.Written.Contains(key);
        }
    }

    /// <summary>To be called before the store is read, and <see cref="EndRead"/> once what it said is taken.</summary>
    internal SharedSessionRead BeginRead()
    {
        var read = new SharedSessionRead();
        lock (_gate)
        {
            _reads.Add(read);
        }

        return read;
    }

    internal void EndRead(SharedSessionRead read)
    {
        lock (_gate)
        {
            _reads.Remove(read);
        }
    }

    /// <summary>Forgets what waits of visitors.</summary>
    internal void Remove(HashSet<string> codes)
    {
        lock (_gate)
        {
            _goOn.ExceptWith(codes);
            foreach (var key in _entries.Keys.Where(key => codes.Contains(key.Code)).ToList())
            {
                _entries.Remove(key);
            }
        }
    }

    /// <summary>A visitor's session goes on.</summary>
    internal void Prolong(string code)
    {
        lock (_gate)
        {
            if (_goOn.Count < Capacity)
            {
                _goOn.Add(code);
            }
        }
    }

    /// <summary>Some of what waits, in an order that is the same on all servers, so that none waits for another in a
    /// circle.</summary>
    internal VisitorSessionEntry[] Peek()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Take(BatchSize)
                .OrderBy(entry => entry.VisitorCode, StringComparer.Ordinal).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Forgets what is written, unless it changed meanwhile.</summary>
    internal void Settle(VisitorSessionEntry[] written)
    {
        lock (_gate)
        {
            foreach (var entry in written)
            {
                _reads.ForEach(read => read.Written.Add((entry.VisitorCode, entry.Name)));
                if (ReferenceEquals(_entries.GetValueOrDefault((entry.VisitorCode, entry.Name)), entry))
                {
                    _entries.Remove((entry.VisitorCode, entry.Name));
                }
            }
        }
    }

    /// <summary>Some of the visitors whose sessions go on.</summary>
    internal string[] TakeProlonged()
    {
        lock (_gate)
        {
            string[] taken = [.. _goOn.Take(BatchSize).Order(StringComparer.Ordinal)];
            _goOn.ExceptWith(taken);
            return taken;
        }
    }

    /// <summary>How many entries found no place since the last call.</summary>
    internal int TakeDropped()
    {
        lock (_gate)
        {
            (var dropped, _dropped) = (_dropped, 0);
            return dropped;
        }
    }

    void IVisitorChangeListener.OnChanged(string code, VisitorSnapshot before, VisitorSnapshot after)
    {
        if (_isOn)
        {
            Add(SharedData.Changes(code, before, after));
        }
    }

    void IVisitorChangeListener.OnIdentified(VisitorSession session)
    {
        if (_isOn)
        {
            Add([SharedPerson.Of(session).ToEntry(session.Code)]);
        }
    }

    private void Add(IEnumerable<VisitorSessionEntry> entries)
    {
        var added = false;
        foreach (var entry in entries)
        {
            added = true;
            lock (_gate)
            {
                if (_entries.Count < Capacity || _entries.ContainsKey((entry.VisitorCode, entry.Name)))
                {
                    _entries[(entry.VisitorCode, entry.Name)] = entry;
                }
                else
                {
                    _dropped++;
                }
            }
        }

        if (added)
        {
            Wake.Set();
        }
    }
}
