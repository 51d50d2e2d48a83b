namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Counts exposures by variation, conversions by goal, visitors by personalization and actions by product, up to a
/// limit of each.</summary>
internal sealed class EventCounters(RecorderLimits limits)
{
    private readonly Dictionary<(long Experiment, long Variation), ExposureCount> _exposures = [];
    private readonly Dictionary<long, GoalCount> _goals = [];

    internal IReadOnlyCollection<ExposureCount> Exposures => _exposures.Values;

    internal IReadOnlyCollection<GoalCount> Goals => _goals.Values;

    internal PersonalizationCounts Personalizations { get; } = new(limits);

    internal RecordedProducts Products { get; } = new(limits);

    /// <summary>Finds the counter of the variation that an exposure names, and adds it if there is room.</summary>
    /// <returns>Null when there are already as many counters as the limit allows.</returns>
    internal ExposureCount? FindOrAddExposure(EventLine line, CatalogExperiment? experiment)
    {
        var key = (Experiment: line.Number("id"), Variation: line.Number("variationId"));
        if (!_exposures.TryGetValue(key, out var count) && _exposures.Count < limits.Counters)
        {
            count = new ExposureCount(
                key.Experiment, key.Variation, experiment?.FlagKey, experiment?.Find(key.Variation)?.Key);
            _exposures.Add(key, count);
        }

        return count;
    }

    /// <summary>Counts a conversion for its goal.</summary>
    /// <returns>False when there are already as many counters as the limit allows.</returns>
    internal bool TryCountConversion(EventLine line)
    {
        var goal = line.Number("goalId");
        if (!_goals.TryGetValue(goal, out var count))
        {
            if (_goals.Count >= limits.Counters)
            {
                return false;
            }

            count = new GoalCount(goal, 0, 0, 0);
        }

        _goals[goal] = count.Plus(line);
        return true;
    }

    internal void Clear()
    {
        _exposures.Clear();
        _goals.Clear();
        Personalizations.Clear();
        Products.Clear();
    }
}
