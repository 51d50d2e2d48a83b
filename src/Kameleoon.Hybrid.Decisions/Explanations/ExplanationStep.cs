namespace Kameleoon.Hybrid.Decisions;

/// <summary>One thing that was looked at on the way to a decision.</summary>
/// <param name="Kind">What was looked at.</param>
/// <param name="Depth">How deep the step lies in others, from 0; a rule's conditions lie in the rule.</param>
/// <param name="Text">What was found, in words.</param>
/// <param name="Passed">Whether it held, or null where there was nothing to hold.</param>
/// <param name="Hash">The hash that decided and what it was compared with, or null when none did.</param>
public sealed record ExplanationStep(
    ExplanationStepKind Kind,
    int Depth,
    string Text,
    bool? Passed = null,
    HashComparison? Hash = null);

/// <summary>A visitor's place on the unit interval and the part of it that belongs to what was asked.</summary>
/// <param name="Value">The hash, 0 to 1.</param>
/// <param name="From">The lower end; it belongs to the part only when it is 0.</param>
/// <param name="To">The upper end, which belongs to the part.</param>
public sealed record HashComparison(double Value, double From, double To);
