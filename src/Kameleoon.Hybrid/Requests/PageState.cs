namespace Kameleoon.Hybrid;

/// <summary>The state that the tags of one page share: the first engine tag and the variations shown. A page's tags
/// render one after the other.</summary>
internal sealed class PageState
{
    private Dictionary<string, Variation>? _variations;
    private object? _engine;
    private Action? _changed;

    /// <summary>Whether a tag has loaded the engine and cannot change any more.</summary>
    internal bool HasEngine { get; private set; }

    /// <summary>Returns whether the caller is the page's first that loads the engine.</summary>
    /// <param name="owner">The caller.</param>
    /// <param name="canChange">Whether the caller renders again when the page changes.</param>
    internal bool ClaimEngine(object owner, bool canChange)
    {
        _engine ??= owner;
        var isFirst = ReferenceEquals(_engine, owner);
        HasEngine |= isFirst && !canChange;
        return isFirst;
    }

    /// <summary>Lets another caller load the engine, because this one left the page before it was sent.</summary>
    internal void ReleaseEngine(object owner)
    {
        if (ReferenceEquals(_engine, owner))
        {
            _engine = null;
            Change();
        }
    }

    /// <summary>Adds what is called when a decision or an answer of the visitor may change what the page's components
    /// render.</summary>
    internal void Follow(Action changed)
    {
        Action? before;
        do
        {
            before = Volatile.Read(ref _changed);
        }
        while (Interlocked.CompareExchange(ref _changed, before + changed, before) != before);
    }

    /// <summary>Calls the components that follow the page.</summary>
    internal void Change() => Volatile.Read(ref _changed)?.Invoke();

    /// <summary>Returns the visitor's variation, decided and counted for the first tag of a flag. A page never shows
    /// two variations of one flag, even if the visitor's data changes during rendering.</summary>
    internal Variation Decide(KameleoonClient client, string featureKey)
    {
        _variations ??= new(StringComparer.Ordinal);
        if (!_variations.TryGetValue(featureKey, out var variation))
        {
            _variations[featureKey] = variation = client.GetVariation(featureKey);
        }

        return variation;
    }
}
