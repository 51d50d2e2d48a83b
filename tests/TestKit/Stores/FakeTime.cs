namespace Kameleoon.Hybrid.TestKit;

/// <summary>Lets time pass for code that waits by a clock of its own.</summary>
internal static class FakeTime
{
    /// <summary>Moves the clock by a minute at a time until the condition holds.</summary>
    internal static Task AdvanceUntilAsync(this FakeTimeProvider clock, Func<Task<bool>> condition) =>
        Eventually.IsTrueAsync(() =>
        {
            clock.Advance(TimeSpan.FromMinutes(1));
            return condition();
        });
}
