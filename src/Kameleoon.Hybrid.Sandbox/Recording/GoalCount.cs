namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The conversions of one goal.</summary>
/// <param name="GoalId">The goal.</param>
/// <param name="Conversions">Conversions received.</param>
/// <param name="Cancelled">Conversions taken back.</param>
/// <param name="Revenue">The revenue that remains.</param>
internal sealed record GoalCount(long GoalId, long Conversions, long Cancelled, decimal Revenue)
{
    internal GoalCount Plus(EventLine line) => line.Negative
        ? this with { Cancelled = Cancelled + 1, Revenue = Revenue - Math.Abs(line.Revenue) }
        : this with { Conversions = Conversions + 1, Revenue = Revenue + line.Revenue };
}
