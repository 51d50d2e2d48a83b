namespace Kameleoon.Hybrid.Decisions;

/// <summary>Computes the facts that segments depend on, nested segments included, even circular ones.</summary>
internal static class SegmentDependencies
{
    internal static void Propagate(IReadOnlyCollection<Segment> segments)
    {
        var referredBy = segments
            .SelectMany(segment => segment.Nested, (referring, nested) => (referring, nested))
            .ToLookup(pair => pair.nested, pair => pair.referring);
        foreach (var segment in segments)
        {
            segment.DependsOn = segment.Root.DependsOn;
        }

        // A dependency can only rise, so the loop ends after a few steps for each segment.
        var risen = new Queue<Segment>(
            segments.Where(segment => segment.DependsOn > FactDependency.Session && referredBy.Contains(segment)));
        while (risen.TryDequeue(out var segment))
        {
            foreach (var referring in referredBy[segment])
            {
                if (referring.DependsOn < segment.DependsOn)
                {
                    referring.DependsOn = segment.DependsOn;
                    risen.Enqueue(referring);
                }
            }
        }
    }
}
