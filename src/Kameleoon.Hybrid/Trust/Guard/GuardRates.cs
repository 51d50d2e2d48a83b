using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>How many of the responses were bad.</summary>
/// <param name="Bad">The bad responses of the variation.</param>
/// <param name="All">All its responses.</param>
/// <param name="ControlBad">The bad responses of the control variation.</param>
/// <param name="ControlAll">All its responses.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GuardRates(long Bad, long All, long ControlBad, long ControlAll)
{
    internal double Share => (double)Bad / Math.Max(1, All);

    internal double ControlShare => (double)ControlBad / Math.Max(1, ControlAll);

    /// <summary>How much larger the share of the variation is.</summary>
    internal double Increase => Share - ControlShare;

    internal GuardRates Since(in GuardRates earlier) => new(
        Bad - earlier.Bad, All - earlier.All, ControlBad - earlier.ControlBad, ControlAll - earlier.ControlAll);

    internal GuardRates Plus(in GuardRates more) => new(
        Bad + more.Bad, All + more.All, ControlBad + more.ControlBad, ControlAll + more.ControlAll);
}
