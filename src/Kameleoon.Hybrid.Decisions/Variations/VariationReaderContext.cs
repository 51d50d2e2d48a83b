namespace Kameleoon.Hybrid.Decisions;

/// <summary>
/// What all variations of a data file share while they are read: strings, memory and the mismatch callback.
/// </summary>
/// <param name="length">The length of the data file.</param>
/// <param name="texts">The strings that repeat in the data file.</param>
/// <param name="mismatch">Called for each variable that is read as another type than its own, or null.</param>
internal sealed class VariationReaderContext(int length, StringPool texts, Action<VariableMismatch>? mismatch)
{
    // About a third of a data file is variations, and an exposed variation takes a few hundred bytes. The divisors keep
    // the arrays of small files below the size of the large object heap.
    private readonly Arena<byte> _variations = new(Math.Min(length / 64, 1_000_000));
    private readonly Arena<VariationShare> _exposed = new(Math.Min(length / 3000, 10_000));

    internal StringPool Texts => texts;

    internal Action<VariableMismatch>? Mismatch => mismatch;

    internal ReadOnlyMemory<byte> Copy(ReadOnlySpan<byte> variations) => _variations.Copy(variations);

    internal ReadOnlyMemory<VariationShare> Copy(ReadOnlySpan<VariationShare> exposed) => _exposed.Copy(exposed);
}
