using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>The part of a visitor's history on the platform that only conditions read. Immutable.</summary>
internal sealed record VisitorPast
{
    internal static readonly VisitorPast None = new();

    /// <summary>When each earlier visit started, the most recent first; null when visits were not loaded.</summary>
    internal IReadOnlyList<DateTimeOffset>? Visits { get; init; }

    /// <summary>The last two pages with different addresses, the latest first.</summary>
    internal IReadOnlyList<RemotePageView> Pages { get; init; } = [];

    internal DeviceType? Device { get; init; }

    internal VisitorBrowser? Browser { get; init; }

    internal OperatingSystemType? OperatingSystem { get; init; }

    internal IReadOnlyList<RemoteAssignment> Personalizations { get; init; } = [];

    internal IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>>? Kcs { get; init; }

    internal IReadOnlyDictionary<long, IReadOnlyDictionary<long, double>>? Cbs { get; init; }

    /// <summary>Returns the latest page with another address, or null.</summary>
    internal VisitorPage? FindPage(string? otherThan)
    {
        for (var i = 0; i < Pages.Count; i++)
        {
            if (!string.Equals(Pages[i].Address, otherThan, StringComparison.Ordinal))
            {
                return new VisitorPage(Pages[i].Address, Pages[i].Title);
            }
        }

        return null;
    }

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
