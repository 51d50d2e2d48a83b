using System.Globalization;

namespace Kameleoon.Hybrid.Decisions;

/// <summary>Collects the steps of one decision, to explain it.</summary>
/// <remarks>A decision that is not explained passes null instead of a trace.</remarks>
internal sealed class Trace
{
    private readonly List<ExplanationStep> _steps = [];

    internal IReadOnlyList<ExplanationStep> Steps => _steps;

    internal void Segment(long id, bool matches) => Add(
        ExplanationStepKind.Segment,
        1,
        string.Create(CultureInfo.InvariantCulture, $"Segment {id} {(matches ? "has" : "does not have")} this visitor"),
        matches);

    internal void Condition(string sentence, int depth, bool holds) =>
        Add(ExplanationStepKind.Condition, depth + 2, sentence, holds);

    internal void Add(
        ExplanationStepKind kind,
        int depth,
        string text,
        bool? passed = null,
        HashComparison? hash = null) => _steps.Add(new ExplanationStep(kind, depth, text, passed, hash));
}
