namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variations of a flag, read when somebody asks for them.</summary>
/// <remarks>
/// They are most of a data file, and most of them no page uses. <see cref="VariationCheck"/> has seen their bytes, so
/// reading has no effect but its result: two threads that ask at once may both read; all get what was published first.
/// </remarks>
/// <param name="json">The array of variations, or nothing for none.</param>
/// <param name="featureKey">The flag's key.</param>
/// <param name="source">What the flags of a data file share.</param>
internal sealed class VariationCatalogue(ReadOnlyMemory<byte> json, string featureKey, VariationSource source)
{
    private KeyedMap<Variation>? _variations;

    internal KeyedMap<Variation> Variations =>
        _variations ?? Interlocked.CompareExchange(ref _variations, Read(), comparand: null) ?? _variations;

    internal bool RunsInBrowser
    {
        get
        {
            foreach (var (_, variation) in Variations.Entries)
            {
                if (variation.RunsInBrowser)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <returns>The variation of a key, or one without name and variables where the flag has none.</returns>
    internal Variation Find(string key) => Variations.GetValueOrDefault(key) ?? Variation.Bare(key);

    private KeyedMap<Variation> Read() => json.IsEmpty
        ? KeyedMap<Variation>.Empty
        : new VariationReader(featureKey, source).Read(json.Span);
}
