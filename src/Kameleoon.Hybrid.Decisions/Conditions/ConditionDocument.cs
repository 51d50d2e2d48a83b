namespace Kameleoon.Hybrid.Decisions;

/// <summary>What a condition is made from; one is used for all conditions of a data file.</summary>
internal sealed class ConditionDocument
{
    internal ConditionFields Fields;

    internal string? TargetingType { get; set; }
}
