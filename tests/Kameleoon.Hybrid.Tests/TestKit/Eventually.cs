using System.Diagnostics;

namespace Kameleoon.Hybrid.Tests;

/// <summary>Waits for what other threads and processes do.</summary>
internal static class Eventually
{
    /// <summary>Looks until it is so.</summary>
    internal static Task IsTrueAsync(Func<bool> condition, Func<string>? otherwise = null) =>
        IsTrueAsync(() => Task.FromResult(condition()), otherwise);

    /// <summary>Looks until it is so.</summary>
    internal static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string>? otherwise = null)
    {
        var watch = Stopwatch.StartNew();
        while (!await condition())
        {
            (watch.Elapsed < HangGuard.Timeout).ShouldBeTrue(otherwise?.Invoke() ?? "It did not happen in time.");
            await Task.Delay(1);
        }
    }
}
