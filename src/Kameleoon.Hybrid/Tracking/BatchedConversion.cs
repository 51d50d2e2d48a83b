using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>A conversion with an id in a batch.</summary>
/// <param name="Line">The number of its line, from 0.</param>
/// <param name="VisitorCode">The visitor's code.</param>
/// <param name="Key">The conversion.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct BatchedConversion(int Line, string VisitorCode, ConversionKey Key);
