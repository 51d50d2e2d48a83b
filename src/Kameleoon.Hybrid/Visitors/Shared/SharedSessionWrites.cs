using System.Threading.Channels;

namespace Kameleoon.Hybrid;

/// <summary>What other servers have to hear and the shared store was not told yet: the latest of each entry.</summary>
internal sealed class SharedSessionWrites
{
    /// <summary>How many entries wait at most while the store is away.</summary>
    internal const int Capacity = 100_000;

    private const int BatchSize = 100;

    private readonly Lock _gate = new();
    private readonly Dictionary<(string Code, string Name), VisitorSessionEntry> _entries = [];
    private readonly HashSet<string> _goOn = new(StringComparer.Ordinal);
    private readonly Channel<bool> _wakes = Channel.CreateBounded<bool>(
        new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    private int _dropped;

    /// <param name="visitors">Whose changes are kept.</param>
    /// <param name="store">Where they go, if anywhere.</param>
    public SharedSessionWrites(VisitorStore visitors, IVisitorSessionStore? store = null)
    {
        if (store is not null)
        {
            visitors.Changed = (code, before, after) => Add(SharedData.Changes(code, before, after));
            visitors.Identified = session => Add([SharedPerson.Of(session).ToEntry(session.Code)]);
        }
    }

    /// <summary>Tells when there is something to write.</summary>
    internal Channel<bool> Wakes => _wakes;

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

    /// <summary>Whether this server knows better than the store.</summary>
    internal bool Has(VisitorSessionEntry entry)
    {
        lock (_gate)
        {
            return _entries.ContainsKey((entry.VisitorCode, entry.Name));
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
            _wakes.Writer.TryWrite(true);
        }
    }
}
