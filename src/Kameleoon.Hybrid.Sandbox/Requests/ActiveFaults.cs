using System.Collections.Concurrent;

namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The faults that tests have set, by endpoint.</summary>
internal sealed class ActiveFaults
{
    private readonly ConcurrentDictionary<string, Fault> _faults = new(StringComparer.Ordinal);

    internal IReadOnlyDictionary<string, Fault> All => new SortedDictionary<string, Fault>(_faults, StringComparer.Ordinal);

    internal void Set(string endpoint, Fault fault) => _faults[endpoint] = fault;

    internal void Clear(string? endpoint = null)
    {
        if (endpoint is null)
        {
            _faults.Clear();
        }
        else
        {
            _faults.TryRemove(endpoint, out _);
        }
    }

    /// <summary>Returns the fault for one request, and counts it down.</summary>
    internal Fault? Take(string endpoint)
    {
        while (_faults.TryGetValue(endpoint, out var fault))
        {
            if (fault.Times is not { } times)
            {
                return fault;
            }

            // Two requests may take the same fault at once; only one of them may count it down.
            var taken = times == 1
                ? _faults.TryRemove(KeyValuePair.Create(endpoint, fault))
                : _faults.TryUpdate(endpoint, fault with { Times = times - 1 }, fault);
            if (taken)
            {
                return fault;
            }
        }

        return null;
    }
}
