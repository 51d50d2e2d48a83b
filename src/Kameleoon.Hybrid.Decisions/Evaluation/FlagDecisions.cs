using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The decisions about all flags for one visitor. As a dictionary, the variations of the flags that could be decided,
/// by key, in file order.</summary>
/// <remarks>A view: it holds the decisions themselves and copies none. Later changes of the visitor or of the data file do not
/// alter it, because they lead to other decisions. Safe for concurrent use.</remarks>
#pragma warning disable CA1710 // Named for what it is: the dictionary is one way to read the decisions.
public sealed class FlagDecisions : IReadOnlyDictionary<string, Variation>
#pragma warning restore CA1710
{
    private readonly SharedDecision?[] _decided;
    private readonly bool _onlyActive;
    private FlagDecisions? _active;

    /// <param name="site">The flags.</param>
    /// <param name="decided">The decisions by flag index; null for flags that were not decided yet.</param>
    /// <param name="onlyActive">Whether the dictionary omits flags that are off for the visitor.</param>
    internal FlagDecisions(SiteFlags site, SharedDecision?[] decided, bool onlyActive = false)
    {
        Site = site;
        _decided = decided;
        _onlyActive = onlyActive;
    }

    /// <summary>The same without the flags that are off for the visitor.</summary>
    public FlagDecisions Active => _onlyActive
        ? this
        : Volatile.Read(ref _active)
            ?? Interlocked.CompareExchange(ref _active, new FlagDecisions(Site, _decided, onlyActive: true), null)
            ?? _active;

    /// <summary>Whether any decision depends on the visitor's assignments. It is made when an enumeration reaches its flag.
    /// </summary>
    public bool DependOnAssignments => Site.DependsOn == FactDependency.Assignments;

    /// <summary>The number of variations.</summary>
    public int Count
    {
        get
        {
            var count = 0;
            foreach (var decision in _decided)
            {
                count += Has(decision) ? 1 : 0;
            }

            return count;
        }
    }

    /// <summary>The keys of the flags.</summary>
    public IEnumerable<string> Keys => _decided.Where(Has).Select(static decision => decision!.Value.Flag!.Key);

    /// <summary>The variations.</summary>
    public IEnumerable<Variation> Values => _decided.Where(Has).Select(static decision => decision!.Value.Variation);

    internal SiteFlags Site { get; }

    internal SharedDecision?[] Decided => _decided;

    /// <summary>Finds the variation of a flag.</summary>
    /// <param name="key">The flag's key, compared ordinally.</param>
    /// <exception cref="KeyNotFoundException">There is none.</exception>
    public Variation this[string key] => TryGetValue(key, out var variation)
        ? variation
        : throw new KeyNotFoundException($"There is no variation of a flag {key} here.");

    /// <summary>Whether there is a variation of a flag.</summary>
    /// <param name="key">The flag's key, compared ordinally.</param>
    public bool ContainsKey(string key) => TryGetValue(key, out _);

    /// <summary>Finds the variation of a flag.</summary>
    /// <param name="key">The flag's key, compared ordinally.</param>
    /// <param name="value">The variation, or null when there is none.</param>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Variation value)
    {
        var decision = Site.Find(key) is { } flag ? _decided[flag.Index] : null;
        value = Has(decision) ? decision.Value.Variation : null;
        return value is not null;
    }

    /// <summary>Whether a decision is one of these.</summary>
    /// <param name="decision">A decision of any data file.</param>
    public bool Contains(in Decision decision) =>
        decision.Flag is { } flag && Site.Has(flag) && _decided[flag.Index]?.Value == decision;

    /// <summary>Enumerates the decisions, including those about flags that could not be decided. Decisions that depend on
    /// assignments are left out until <see cref="DecisionSequence"/> has reached them.</summary>
    public DecisionSequence Enumerate() => new(this);

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Variation>> GetEnumerator()
    {
        foreach (var decision in _decided)
        {
            if (Has(decision))
            {
                yield return new(decision.Value.Flag!.Key, decision.Value.Variation);
            }
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private bool Has([NotNullWhen(true)] SharedDecision? decision) =>
        decision is { Value.IsDecided: true } && (!_onlyActive || decision.Value.Variation.IsActive);
}
