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

    /// <summary>What a visitor has who is left out.</summary>
    internal const int AllBits = 0xFF;

    private const int PlaceBits = 18;
    private const int BitsOfPlace = 8;
    private const int PlacesOfWord = sizeof(int);

    private readonly int[] _words = new int[Places / PlacesOfWord];

    /// <summary>Adds bits to a visitor.</summary>
    /// <param name="hash">The hash of the visitor's code.</param>
    /// <param name="bits">The bits, 1 to 255.</param>
    /// <param name="isFirst">Whether the visitor had none.</param>
    /// <returns>The bits that the visitor did not have.</returns>
    internal int Add(uint hash, int bits, out bool isFirst) => AddAt(PlaceOf(hash), bits, out isFirst);

    /// <summary>Returns the place of a visitor.</summary>
    internal static int PlaceOf(uint hash) => (int)(hash >> ((sizeof(uint) * BitsOfPlace) - PlaceBits));

    /// <summary>Returns the bits at a place.</summary>
    internal int Read(int place) =>
        (Volatile.Read(ref _words[place / PlacesOfWord]) >> (place % PlacesOfWord * BitsOfPlace)) & AllBits;

    /// <summary>Adds bits at a place.</summary>
    /// <inheritdoc cref="Add" path="/param"/>
    /// <inheritdoc cref="Add" path="/returns"/>
    internal int AddAt(int place, int bits, out bool isFirst)
    {
        var shift = place % PlacesOfWord * BitsOfPlace;
        ref var word = ref _words[place / PlacesOfWord];
        var known = (Volatile.Read(ref word) >> shift) & AllBits;
        isFirst = false;
        if ((bits & ~known) == 0)
        {
            return 0;
        }

        known = (Interlocked.Or(ref word, (bits & ~known) << shift) >> shift) & AllBits;
        isFirst = known == 0;
        return bits & ~known;
    }

    /// <summary>Gives a visitor all bits, so that none can be added any more.</summary>
    /// <returns>Whether the visitor had none.</returns>
    internal bool ExcludeAt(int place)
    {
        AddAt(place, AllBits, out var isFirst);
        return isFirst;
    }
}
