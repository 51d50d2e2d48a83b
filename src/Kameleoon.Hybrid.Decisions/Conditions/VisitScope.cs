namespace Kameleoon.Hybrid.Decisions;

/// <summary>The visits that a condition takes into account.</summary>
internal readonly struct VisitScope
{
    private const int MaxVisits = 25;

    private readonly bool _currentVisit;
    private readonly int _visits;

    internal VisitScope(ConditionSource source, bool currentVisitByDefault)
    {
        _currentVisit = source.Fields.VisitScope?.ToUpperInvariant() switch
        {
            "CURRENT_VISIT" => true,
            "VISITOR" => false,
            _ => currentVisitByDefault,
        };
        _visits = source.Fields.VisitCount is { } count and > 0 ? (int)Math.Min(count, int.MaxValue) : MaxVisits;
    }

    /// <summary>
    /// The start of the oldest visit that counts; the earliest possible time when visits were not loaded.
    /// </summary>
    internal DateTimeOffset StartFor(IVisitorFacts visitor)
    {
        if (visitor.PreviousVisits is not { } previous)
        {
            return DateTimeOffset.MinValue;
        }

        return _currentVisit || _visits < 2 || previous.Count == 0
            ? visitor.CurrentVisitStart
            : previous[Math.Min(_visits - 2, previous.Count - 1)];
    }

    public override string ToString() => _currentVisit ? "in this visit" : $"in {_visits} visits";
}
