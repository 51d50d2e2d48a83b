namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Counts the visitors that were shown each personalization.</summary>
internal sealed class PersonalizationCounts(RecorderLimits limits)
{
    private readonly Dictionary<long, HashSet<string>> _shown = [];

    /// <summary>Counts an event, unless it says that the personalization was not shown.</summary>
    internal void Add(EventLine line, string visitor)
    {
        var id = line.Number("id");
        if (line.Number("variationId") == 0)
        {
            return;
        }

        if (!_shown.TryGetValue(id, out var visitors))
        {
            if (_shown.Count >= limits.Counters)
            {
                return;
            }

            _shown.Add(id, visitors = new HashSet<string>(StringComparer.Ordinal));
        }

        if (visitors.Count < limits.Visitors)
        {
            visitors.Add(visitor);
        }
    }

    internal int VisitorsOf(long personalization) => _shown.GetValueOrDefault(personalization)?.Count ?? 0;

    internal void Clear() => _shown.Clear();
}
