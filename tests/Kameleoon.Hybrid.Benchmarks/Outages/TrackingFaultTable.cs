using System.Globalization;

namespace Kameleoon.Hybrid.Benchmarks;

/// <summary>What becomes of 2,000 events a second, with default settings, while the data API is in trouble.</summary>
internal static class TrackingFaultTable
{
    private const int PerSecond = 2000;

    private static readonly string[] Columns =
        ["Trouble", "Produced", "Arrived", "… again", "Dropped", "Queued", "Missing", "Most in memory", "Drained after"];

    internal static async Task WriteAsync(int seconds)
    {
        Console.WriteLine($"| {string.Join(" | ", Columns)} |");
        Console.WriteLine($"|---|{string.Concat(Columns.Skip(1).Select(_ => "---:|"))}");
        foreach (var trouble in Enum.GetValues<TrackingTrouble>())
        {
            var result = await TrackingFaultRun.RunAsync(trouble, TimeSpan.FromSeconds(seconds), PerSecond);
            var dropped = result.Dropped.Count == 0 ? "0" : string.Join(", ", result.Dropped.Select(reason =>
                string.Create(CultureInfo.InvariantCulture, $"{reason.Value:N0} {reason.Key}")));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {trouble} | {result.Produced:N0} | {result.Arrived:N0} | {result.Again:N0} | {dropped} | {result.Queued:N0} "
                + $"| {result.Missing:N0} | {result.Peak:N0} | {result.Drained.TotalSeconds:F0} s |"));
            if (result.Missing != 0 || (result.Dropped.Count > 0 && result.Peak < new KameleoonTrackingOptions().MaxQueuedEvents))
            {
                throw new InvalidOperationException("Events are missing, or were dropped before the bound was reached.");
            }
        }
    }
}
