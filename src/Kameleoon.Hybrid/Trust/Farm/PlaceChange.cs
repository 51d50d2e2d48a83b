using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>The stages that a visitor of another server has reached.</summary>
/// <param name="Place">The visitor's place in the table.</param>
/// <param name="Bits">The stages, or all bits for a visitor who is left out.</param>
/// <param name="Variation">The place of the variation.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct PlaceChange(int Place, byte Bits, byte Variation);
