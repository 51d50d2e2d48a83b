namespace Kameleoon.Hybrid;

/// <summary>Who gets a guarded variation.</summary>
internal enum GuardPhase
{
    /// <summary>All its visitors.</summary>
    Closed,

    /// <summary>No new visitors.</summary>
    Open,

    /// <summary>A few new visitors, who try it.</summary>
    Probing,
}
