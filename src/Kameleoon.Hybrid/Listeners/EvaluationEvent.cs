namespace Kameleoon.Hybrid.Listeners;

/// <summary>A flag was decided for a visitor.</summary>
public sealed record EvaluationEvent : KameleoonEvent
{
    /// <summary>The visitor's code. It is personal data.</summary>
    public required string VisitorCode { get; init; }

    /// <summary>The flag's key as the application asked for it.</summary>
    public required string FeatureKey { get; init; }

    /// <summary>The variation that was decided.</summary>
    public required Variation Variation { get; init; }

    /// <summary>Whether the application tracks the decision. Exposures of other decisions are not reported.</summary>
    public required bool IsTracked { get; init; }

    /// <summary>Why the visitor got the variation.</summary>
    public DecisionReason Reason => Variation.Reason;
}
