using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variation that a visitor was assigned in an experiment, and when.</summary>
/// <param name="VariationId">The variation's id.</param>
/// <param name="Time">When it was assigned last.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct Assignment(long VariationId, DateTimeOffset Time);
