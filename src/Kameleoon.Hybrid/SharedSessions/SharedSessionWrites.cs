namespace Kameleoon.Hybrid;

/// <summary>The changes that wait to be written to the shared store: the latest value of each entry. Safe for concurrent
/// use.</summary>
/// <param name="store">The shared store, or null when the application has none.</param>
#pragma warning disable CA1001 // The semaphore has no handle to release.
internal sealed class SharedSessionWrites(IVisitorSessionStore? store = null) : IVisitorChangeListener
#pragma warning restore CA1001
{
    /// <summary>The number of entries that can wait while the store is unavailable.</summary>
    internal const int Capacity = 100_000;

    private const int BatchSize = 100;

    private readonly Lock _gate = new();
    private readonly SemaphoreSlim _turn = new(1);
    private readonly Dictionary<(string Code, string Name), VisitorSessionEntry> _entries = [];
    private readonly HashSet<string> _prolonged = new(StringComparer.Ordinal);
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

    /// <summary>Returns whether this server has a newer value of an entry than the store returned.</summary>
    /// <param name="entry">The entry that the store returned.</param>
    /// <param name="read">The read operation that returned it.</param>
    internal bool HasNewer(VisitorSessionEntry entry, SharedSessionRead read)
    {
        var key = (entry.VisitorCode, entry.Name);
        lock (_gate)
        {
            return _entries.ContainsKey(key) || read.Written.Contains(key);
        }
    }

    /// <summary>Writes an entry.</summary>
    internal void Write(VisitorSessionEntry entry) => Add([entry]);

    /// <summary>Begins a read operation: call it before the store is read, and <see cref="EndRead"/> once the entries are
    /// applied.</summary>
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

    /// <summary>Discards the waiting changes of visitors.</summary>
    internal void Remove(HashSet<string> codes)
    {
        lock (_gate)
        {
            _prolonged.ExceptWith(codes);
            foreach (var key in _entries.Keys.Where(key => codes.Contains(key.Code)).ToList())
            {
                _entries.Remove(key);
            }
        }
    }

    /// <summary>Notes that a visitor's session has to be prolonged in the store.</summary>
    internal void Prolong(string code)
    {
        lock (_gate)
        {
            if (_prolonged.Count < Capacity)
            {
                _prolonged.Add(code);
            }
        }
    }

    /// <summary>Waits until no other caller peeks at entries or writes what it peeked at.</summary>
    /// <returns>Ends the turn.</returns>
    internal async Task<IDisposable> TakeTurnAsync(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        return new Turn(_turn);
    }

    /// <summary>Returns up to 100 waiting entries without removing them, in an order that is the same on all servers, which
    /// prevents deadlocks in the database.</summary>
    internal VisitorSessionEntry[] Peek()
    {
        lock (_gate)
        {
            return [.. _entries.Values.Take(BatchSize)
                .OrderBy(entry => entry.VisitorCode, StringComparer.Ordinal).ThenBy(entry => entry.Name, StringComparer.Ordinal)];
        }
    }

    /// <summary>Removes entries that were written, unless they changed meanwhile.</summary>
    internal void Remove(VisitorSessionEntry[] written)
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

    /// <summary>Removes and returns up to 100 visitor codes whose sessions have to be prolonged.</summary>
    internal string[] TakeProlonged()
    {
        lock (_gate)
        {
            string[] taken = [.. _prolonged.Take(BatchSize).Order(StringComparer.Ordinal)];
            _prolonged.ExceptWith(taken);
            return taken;
        }
    }

    /// <summary>Returns how many entries were dropped for lack of room since the last call.</summary>
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
            Add([.. SharedData.Changes(code, before, after), .. SharedReports.Changes(code, before, after)]);
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

    private sealed class Turn(SemaphoreSlim turn) : IDisposable
    {
        public void Dispose() => turn.Release();
    }
}
