namespace Kameleoon.Hybrid;

/// <summary>The state of a guarded variation.</summary>
/// <param name="Phase">Who gets it.</param>
/// <param name="Since">Since when.</param>
/// <param name="NextProbe">When new visitors try it again, or null unless it is withheld.</param>
internal sealed record GuardState(GuardPhase Phase, DateTimeOffset Since, DateTimeOffset? NextProbe = null);
