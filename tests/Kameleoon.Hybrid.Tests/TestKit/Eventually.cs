using System.Diagnostics;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Waits for what other threads and processes do.</summary>
internal static class Eventually
{
    // Looks at once and soon, then less often: a condition may ask a database, and takes time from what it waits for.
    private const int MaxPause = 50;

    /// <summary>Looks until it is so.</summary>
    internal static Task IsTrueAsync(Func<bool> condition, Func<string>? otherwise = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <summary>Looks until it is so.</summary>
    internal static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        for (var pause = 1; !await condition(); pause = Math.Min(pause * 2, MaxPause))
        {
            (watch.Elapsed < HangGuard.Timeout).ShouldBeTrue(otherwise?.Invoke() ?? "It did not happen in time.");
            await Task.Delay(pause);
        }
    }
}
