namespace Kameleoon.Hybrid.Decisions;

/// <summary>What the flags of a data file read their variations from, and with.</summary>
/// <param name="length">The length of the data file.</param>
/// <param name="texts">Keeps texts that repeat once.</param>
/// <param name="mismatch">Hears of variables that are read as what they are not, or null for nobody.</param>
internal sealed class VariationSource(int length, TextPool texts, Action<VariableMismatch>? mismatch)
{
    // About a third of a data file is variations; an exposed one takes a few hundred bytes of file. The arrays of small
    // files stay below the size from which the runtime collects them with the oldest objects alone.
    private readonly Shelf<byte> _variations = new(Math.Min(length / 16, 1_000_000));
    private readonly Shelf<ExposedDraft> _exposed = new(Math.Min(length / 1000, 10_000));

    internal TextPool Texts => texts;

    internal Action<VariableMismatch>? Mismatch => mismatch;

    internal ReadOnlyMemory<byte> Keep(ReadOnlySpan<byte> variations) => _variations.Keep(variations);

    internal ReadOnlyMemory<ExposedDraft> Keep(ReadOnlySpan<ExposedDraft> exposed) => _exposed.Keep(exposed);
}
