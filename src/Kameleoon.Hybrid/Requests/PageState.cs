namespace Kameleoon.Hybrid;

/// <summary>What the tags of one page know of each other. A page's tags render one after the other.</summary>
internal sealed class PageState
{
    private Dictionary<string, Variation>? _variations;

    /// <summary>Whether a tag has loaded the engine.</summary>
    internal bool HasEngine { get; private set; }

    /// <summary>Whether the calling tag is the first that loads the engine.</summary>
    internal bool ClaimEngine() => !HasEngine && (HasEngine = true);

    /// <summary>The visitor's variation, decided and counted at the first tag that asks: a page never shows two of one
    /// flag, whatever becomes known of the visitor in between.</summary>
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
