namespace Kameleoon.Hybrid;

/// <summary>What is known of a visitor of a guarded experiment.</summary>
[Flags]
internal enum GuardSigns
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The visitor got a response with the variation.</summary>
    Answered = 1,

    /// <summary>A response failed.</summary>
    Failed = 2,

    /// <summary>A response was slow.</summary>
    Slow = 4,

    /// <summary>The visitor was exposed before the variation was withheld, and kept it.</summary>
    Kept = 8,

    /// <summary>The visitor got the default variation instead.</summary>
    Withheld = 16,
}
