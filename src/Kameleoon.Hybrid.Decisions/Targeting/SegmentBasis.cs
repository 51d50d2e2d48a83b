namespace Kameleoon.Hybrid.Decisions;

/// <summary>Finds what segments rest on, through all the segments they ask, however circular.</summary>
internal static class SegmentBasis
{
    internal static void Settle(IReadOnlyCollection<Segment> segments)
    {
        var askedBy = segments
            .SelectMany(segment => segment.Nested, (asking, asked) => (asking, asked))
            .ToLookup(pair => pair.asked, pair => pair.asking);
        foreach (var segment in segments)
        {
            segment.Basis = segment.Root.Basis;
        }

        // A basis only ever rises, so this ends, after a few visits to each segment.
        var risen = new Queue<Segment>(segments.Where(segment => segment.Basis > Basis.Session));
        while (risen.TryDequeue(out var segment))
        {
            foreach (var asking in askedBy[segment])
            {
                if (asking.Basis < segment.Basis)
                {
                    asking.Basis = segment.Basis;
                    risen.Enqueue(asking);
                }
            }
        }
    }
}
