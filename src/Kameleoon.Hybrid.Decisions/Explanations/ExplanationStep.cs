namespace Kameleoon.Hybrid;

/// <summary>One step of a decision: what was checked and the result.</summary>
/// <param name="Kind">What was checked.</param>
/// <param name="Depth">The nesting depth, from 0; the conditions of a rule are nested in the rule.</param>
/// <param name="Text">The result as a sentence.</param>
/// <param name="Passed">Whether the check passed, or null when the step is no check.</param>
/// <param name="Hash">The hash that decided and the range it was compared with, or null when no hash was
/// needed.</param>
public sealed record ExplanationStep(
    ExplanationStepKind Kind,
    int Depth,
    string Text,
    bool? Passed = null,
    HashComparison? Hash = null);

/// <summary>The hash of a visitor and the range of hashes that passes the check.</summary>
/// <param name="Value">The hash, 0 to 1.</param>
/// <param name="From">The lower end of the range; it passes only when it is 0.</param>
/// <param name="To">The upper end of the range; it passes.</param>
public sealed record HashComparison(double Value, double From, double To);
