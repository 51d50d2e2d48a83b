namespace Kameleoon.Hybrid.Decisions;

/// <summary>How far back a condition looks.</summary>
internal readonly struct VisitScope
{
    private const int MaxVisits = 25;

    private readonly bool _currentVisit;
    private readonly int _visits;

    internal VisitScope(ConditionDocument source, bool currentVisitByDefault)
    {
        _currentVisit = source.Fields.VisitScope?.ToUpperInvariant() switch
        {
            "CURRENT_VISIT" => true,
            "VISITOR" => false,
            _ => currentVisitByDefault,
        };
        _visits = source.Fields.VisitCount is { } count and > 0 ? (int)Math.Min(count, int.MaxValue) : MaxVisits;
    }

    /// <summary>What is older does not count. Without loaded visits everything counts, whatever the scope.</summary>
    internal DateTimeOffset Since(IVisitorFacts visitor)
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
