namespace Kameleoon.Hybrid;

/// <summary>Finds the start of a day in a time zone.</summary>
internal static class LocalDay
{
    /// <summary>Returns the start of the day of a time that is given in the zone.</summary>
    internal static DateTimeOffset StartOf(DateTimeOffset now, TimeZoneInfo zone)
    {
        // On a day on which the time changes, midnight has another offset than now. Where the change repeats midnight, the
        // day starts with the first.
        var midnight = now.Date;
        return new(midnight, zone.IsAmbiguousTime(midnight)
            ? zone.GetAmbiguousTimeOffsets(midnight).Max()
            : zone.GetUtcOffset(midnight));
    }
}
