namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variations of a flag, read on first use.</summary>
/// <remarks>
/// Variations are most of a data file, and most of them are never used. <see cref="VariationValidator"/> has checked
/// them before, so that reading cannot fail. Two threads may read at once; all use the result that is published first.
/// </remarks>
/// <param name="json">The array of variations, or empty for none.</param>
/// <param name="featureKey">The flag's key.</param>
/// <param name="source">What the variations of a data file share.</param>
internal sealed class VariationCatalogue(ReadOnlyMemory<byte> json, string featureKey, VariationReaderContext source)
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

    /// <returns>The variation of a key, or one without name and variables when the flag does not declare it.</returns>
    internal Variation Find(string key) => Variations.GetValueOrDefault(key) ?? Variation.WithoutVariables(key);

    private KeyedMap<Variation> Read() => json.IsEmpty
        ? KeyedMap<Variation>.Empty
        : new VariationReader(featureKey, source).Read(json.Span);
}
