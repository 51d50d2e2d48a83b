using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>A <see cref="HandedPage"/> whose response is complete, the only one of its visitor, without references.</summary>
[StructLayout(LayoutKind.Auto)]
internal struct HandedRow
{
    private const int MaxExposures = 4;

    private PageAddress _address;
    private int _count;
    private Kept _kept;

    /// <summary>The timestamp from which the page is forgotten.</summary>
    internal long Due { get; private set; }

    /// <summary>Copies a page.</summary>
    /// <returns>False if it has no exposures, or more than a row can keep.</returns>
    internal static bool TryCopy(HandedPage page, out HandedRow copy)
    {
        copy = new HandedRow { _address = page.Address, Due = page.Due };
        foreach (var entry in page.Ledger)
        {
            if (entry is { IsOwnedByEngine: true, IsTracked: true, Exposure: var exposure })
            {
                if (copy._count == MaxExposures)
                {
                    return false;
                }

                copy._kept[copy._count++] = (exposure, entry.Done);
            }
        }

        return copy._count > 0;
    }

    internal readonly HandedPage ToPage()
    {
        var ledger = new ExposureLedger();
        foreach (var (exposure, done) in _kept[.._count])
        {
            ledger.Add(exposure, track: true)?.Continue(done);
        }

        return new HandedPage(_address, ledger, Due);
    }

    [InlineArray(MaxExposures)]
    private struct Kept
    {
        private (Exposure Exposure, byte Done) _first;
    }
}
