using System.Text;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>A decision with every step that led to it, in order.</summary>
public sealed class Explanation
{
    internal Explanation(string featureKey, string visitorCode, Decision decision, IReadOnlyList<ExplanationStep> steps)
    {
        FeatureKey = featureKey;
        VisitorCode = visitorCode;
        Decision = decision;
        Steps = steps;
    }

    /// <summary>The key of the flag that was decided.</summary>
    public string FeatureKey { get; }

    /// <summary>The visitor it was decided for.</summary>
    public string VisitorCode { get; }

    /// <summary>The decision, equal to the result of <see cref="DataFile.Decide(string, IVisitorFacts)"/> unless a later step
    /// replaced it.</summary>
    public Decision Decision { get; }

    /// <summary>The steps in order, without those that were not reached.</summary>
    public IReadOnlyList<ExplanationStep> Steps { get; }

    /// <summary>Returns an explanation with a further step, which replaced the decision.</summary>
    /// <param name="decision">The decision after the step.</param>
    /// <param name="step">The step.</param>
    public Explanation Continue(Decision decision, ExplanationStep step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return new Explanation(FeatureKey, VisitorCode, decision, [.. Steps, step]);
    }

    /// <summary>The decision and its steps as readable text, one line each.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        text.Append(FeatureKey).Append(" for ").Append(VisitorCode).Append(" is ").Append(Decision.Variation.Key)
            .Append(" (").Append(Decision.Variation.Reason).Append(')');
        foreach (var step in Steps)
        {
            var mark = step.Passed switch { true => "+ ", false => "- ", null => "  " };
            text.Append('\n').Append(' ', 2 * (step.Depth + 1)).Append(mark).Append(step.Text);
        }

        return text.ToString();
    }
}
