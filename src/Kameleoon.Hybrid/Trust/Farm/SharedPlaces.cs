namespace Kameleoon.Hybrid;

/// <summary>What other servers know of the visitors of a window, and the variation of each visitor. 512 kB.</summary>
/// <remarks>Only one task at a time may take and confirm changes. A variation may be set at any time.</remarks>
internal sealed class SharedPlaces
{
    private readonly byte[] _known = new byte[VisitorTable.Places];
    private readonly byte[] _variations = new byte[VisitorTable.Places];

    /// <summary>Notes the variation of a visitor. Called before the visitor's first stage is added.</summary>
    internal void SetVariation(int place, int variation) => Volatile.Write(ref _variations[place], (byte)variation);

    /// <summary>Returns what other servers do not know yet.</summary>
    internal List<PlaceChange> FindChanges(VisitorTable visitors, int most)
    {
        List<PlaceChange> changes = [];
        for (var place = 0; place < _known.Length && changes.Count < most; place++)
        {
            if (visitors.Read(place) is var bits && (bits & ~_known[place]) != 0)
            {
                changes.Add(new PlaceChange(place, (byte)bits, Volatile.Read(ref _variations[place])));
            }
        }

        return changes;
    }

    /// <summary>Notes what other servers know.</summary>
    internal void Know(in PlaceChange change) => _known[change.Place] |= change.Bits;
}
