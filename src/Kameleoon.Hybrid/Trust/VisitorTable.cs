namespace Kameleoon.Hybrid;

/// <summary>Remembers the stages of the visitors of one experiment, so that each visitor counts once for each stage.</summary>
/// <remarks>
/// A table of one byte for each place, at the hash of the visitor code: 256 kB, however many visitors come. A visitor whose
/// place another one has is not counted. That depends on the code alone, so it does not depend on the variation. Safe for
/// concurrent use.
/// </remarks>
internal sealed class VisitorTable
{
    /// <summary>The number of places.</summary>
    internal const int Places = 1 << PlaceBits;

    private const int PlaceBits = 18;
    private const int BitsOfPlace = 8;
    private const int PlacesOfWord = sizeof(int);
    private const int PlaceMask = 0xFF;

    private readonly int[] _words = new int[Places / PlacesOfWord];

    /// <summary>Adds stages to a visitor.</summary>
    /// <param name="hash">The hash of the visitor's code.</param>
    /// <param name="stages">The stages.</param>
    /// <returns>The stages that the visitor had not reached before.</returns>
    internal VisitorStages Add(uint hash, VisitorStages stages)
    {
        var place = hash >> ((sizeof(uint) * BitsOfPlace) - PlaceBits);
        var shift = (int)(place % PlacesOfWord) * BitsOfPlace;
        ref var word = ref _words[place / PlacesOfWord];
        var known = (Volatile.Read(ref word) >> shift) & PlaceMask;
        var added = (int)stages & ~known;
        if (added == 0 || IsExcluded(known))
        {
            return VisitorStages.None;
        }

        known = (Interlocked.Or(ref word, added << shift) >> shift) & PlaceMask;
        return IsExcluded(known) ? VisitorStages.None : (VisitorStages)(added & ~known);
    }

    private static bool IsExcluded(int known) => (known & (int)VisitorStages.Excluded) != 0;
}
