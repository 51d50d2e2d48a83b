using System.Runtime.InteropServices;

namespace Kameleoon.Hybrid;

/// <summary>A conversion with an id that was reported in the visitor's session.</summary>
/// <param name="Key">The conversion.</param>
/// <param name="IsSafe">Whether its event is stored in the outbox or was handed to the platform. Only then other servers are
/// told, because the event of a server that ends before has to be reported again.</param>
[StructLayout(LayoutKind.Auto)]
internal readonly record struct ConversionMark(ConversionKey Key, bool IsSafe)
{
    /// <summary>The person's former code under which it was reported, if its event was not safe when the code was replaced; else
    /// null.</summary>
    internal string? Former { get; init; }

    /// <summary>The person's code that replaced this one before the event was safe, so that the mark there changes with this one;
    /// else null.</summary>
    internal string? Heir { get; init; }
}
