namespace Kameleoon.Hybrid.Sandbox;

/// <summary>Conversions for one goal by visitors of one variation.</summary>
internal sealed class ExposureGoalCount
{
    /// <summary>Visitors with a conversion that stands.</summary>
    internal long Visitors { get; private set; }

    /// <summary>Conversions without those taken back.</summary>
    internal long Conversions { get; private set; }

    internal decimal Revenue { get; private set; }

    /// <summary>Visitors who converted first, over time.</summary>
    internal TimeSeries Series { get; } = new();

    internal void Add(EventLine line, int visitors, DateTimeOffset now)
    {
        Visitors += visitors;
        Conversions += line.Negative ? -1 : 1;
        Revenue += line.Negative ? -Math.Abs(line.Revenue) : line.Revenue;
        if (visitors != 0)
        {
            Series.Add(now, visitors);
        }
    }
}
