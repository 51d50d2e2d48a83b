namespace Kameleoon.Hybrid;

/// <summary>How servers share the data file.</summary>
/// <param name="Timeout">The deadline of a call to the store, except a write. The start may wait for one.</param>
/// <param name="Duration">How long the lease lasts when it is not prolonged: two attempts to prolong it may fail.</param>
/// <param name="Interval">The longest time between two attempts to take or prolong it.</param>
internal sealed record FarmPace(TimeSpan Timeout, TimeSpan Duration, TimeSpan Interval)
{
    internal static FarmPace Default { get; } = new(
        TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10));
}
