namespace Kameleoon.Hybrid;

/// <summary>The part of a visitor's history on the platform that only conditions read. Immutable.</summary>
internal sealed record VisitorPast
{
    internal static readonly VisitorPast None = new();

    /// <summary>When each earlier visit started, the most recent first; null when visits were not loaded.</summary>
    internal IReadOnlyList<DateTimeOffset>? Visits { get; init; }

    /// <summary>Whether its pages were added to the visitor's pages.</summary>
    internal bool HasPages { get; init; }

    internal IReadOnlyList<RemoteAssignment> Personalizations { get; init; } = [];

    internal IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>>? Kcs { get; init; }

    internal IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>>? Cbs { get; init; }

    internal bool HasPersonalization(long? id, DateTimeOffset since)
    {
        foreach (var seen in Personalizations)
        {
            if ((id is null || seen.Id == id) && seen.Time >= since)
            {
                return true;
            }
        }

        return false;
    }
}
