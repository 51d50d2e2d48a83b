namespace Kameleoon.Hybrid.Sandbox;

/// <summary>The conversion rate of each variation over time, of all visitors from the beginning.</summary>
/// <param name="Seconds">The points in time, in seconds since 1970.</param>
/// <param name="Variations">The rates at those points.</param>
internal sealed record LiveChart(IReadOnlyList<long> Seconds, IReadOnlyList<LiveCurve> Variations)
{
    internal static LiveChart Of(IReadOnlyList<ExposureCount> counts, long goal, Func<long, string?> name)
    {
        var steps = counts.SelectMany(count => count.Series.Steps.Concat(Converted(count, goal)))
            .Select(step => step.Second).Distinct().Order().ToList();
        return new LiveChart(
            steps,
            [
                .. counts.Select(count => new LiveCurve(
                    count.VariationId,
                    name(count.VariationId) ?? count.Variation ?? $"{count.VariationId}",
                    [.. SumsOf(Converted(count, goal), steps).Zip(SumsOf(count.Series.Steps, steps), Interval.Rate)])),
            ]);
    }

    private static IEnumerable<(long Second, long Sum)> Converted(ExposureCount count, long goal) =>
        count.Goals.GetValueOrDefault(goal)?.Series.Steps ?? [];

    private static List<long> SumsOf(IEnumerable<(long Second, long Sum)> series, List<long> steps)
    {
        var at = series.ToDictionary(step => step.Second, step => step.Sum);
        var total = 0L;
        return steps.ConvertAll(step => total += at.GetValueOrDefault(step));
    }
}

/// <summary>The rates of one variation; null before its first visitor.</summary>
internal sealed record LiveCurve(long Id, string Name, IReadOnlyList<Interval?> Rates);
