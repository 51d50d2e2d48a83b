namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Exposures, visitors and conversions of one variation.</summary>
internal sealed class ExposureCount(long experimentId, long variationId, string? flag, string? variation)
{
    private readonly Dictionary<long, ExposureGoalCount> _goals = [];

    internal long ExperimentId { get; } = experimentId;

    internal long VariationId { get; } = variationId;

    internal string? Flag { get; } = flag;

    internal string? Variation { get; } = variation;

    internal long Visitors { get; private set; }

    internal long Both { get; private set; }

    /// <summary>The visitors on whom the variation was forced. The sample ratio check leaves them out.</summary>
    internal long Forced { get; private set; }

    internal SenderCount Engine { get; private set; } = SenderCount.Zero;

    internal SenderCount Server { get; private set; } = SenderCount.Zero;

    /// <summary>New visitors over time.</summary>
    internal TimeSeries Series { get; } = new();

    /// <summary>What its visitors did, by goal.</summary>
    internal IReadOnlyDictionary<long, ExposureGoalCount> Goals => _goals;

    /// <summary>Counts an exposure, and returns the kinds of clients that reported it before.</summary>
    internal EventSenders Add(RecordedVisitor visitor, EventSenders reporter, bool forced, DateTimeOffset now)
    {
        var before = visitor.AddExposure(this, reporter, now);
        if (before == EventSenders.None)
        {
            Visitors++;
            Forced += forced ? 1 : 0;
            Series.Add(now, 1);
        }

        Both += before is (EventSenders.Server or EventSenders.Engine or EventSenders.BrowserSdk) && before != reporter ? 1 : 0;
        if (reporter == EventSenders.Engine)
        {
            Engine = Engine.Plus(!before.HasFlag(EventSenders.Engine));
        }
        else
        {
            Server = Server.Plus((before & ~EventSenders.Engine) == EventSenders.None);
        }

        return before;
    }

    internal void AddConversion(long goal, EventLine line, int visitors, DateTimeOffset now)
    {
        if (!_goals.TryGetValue(goal, out var count))
        {
            _goals.Add(goal, count = new ExposureGoalCount());
        }

        count.Add(line, visitors, now);
    }
}

/// <summary>What one kind of sender reported.</summary>
internal sealed record SenderCount(long Visitors, long Exposures)
{
    internal static SenderCount Zero { get; } = new(0, 0);

    internal SenderCount Plus(bool newVisitor) => new(Visitors + (newVisitor ? 1 : 0), Exposures + 1);
}
