using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>The counts of one kind of bad response, failed or slow, of a variation and of the control variation.</summary>
/// <param name="Hit">The visitors of the variation who got a bad response.</param>
/// <param name="ControlHit">Those of the control variation.</param>
/// <param name="Visitors">The visitors of the variation.</param>
/// <param name="ControlVisitors">Those of the control variation.</param>
/// <param name="Rates">The responses.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct GuardFigures(
    long Hit, long ControlHit, long Visitors, long ControlVisitors, GuardRates Rates);
