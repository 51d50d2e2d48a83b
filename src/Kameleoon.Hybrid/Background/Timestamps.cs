namespace Kameleoon.Hybrid;

/// <summary>Computes with timestamps of a clock, which steps of the wall clock do not change.</summary>
internal static class Timestamps
{
    /// <summary>Returns the timestamp in a while, or a while ago for a negative time.</summary>
    internal static long GetTimestamp(this TimeProvider clock, TimeSpan ahead) => clock.GetTimestamp() + clock.ToTimestamp(ahead);

    /// <summary>Returns a time in the unit of timestamps.</summary>
    internal static long ToTimestamp(this TimeProvider clock, TimeSpan span) => (long)(span.TotalSeconds * clock.TimestampFrequency);
}
