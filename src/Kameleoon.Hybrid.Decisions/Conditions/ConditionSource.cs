namespace Kameleoon.Hybrid.Decisions;

/// <summary>The type and fields from which a condition is created.</summary>
/// <remarks>One instance is reused for all conditions of a data file.</remarks>
internal sealed class ConditionSource
{
    internal ConditionFields Fields;

    internal string? TargetingType { get; set; }
}
