namespace Kameleoon.Hybrid.Decisions;

/// <summary>Says what a step of an explanation looked at.</summary>
public enum ExplanationStepKind
{
    /// <summary>Whether the flag exists and is on in the environment.</summary>
    Flag,

    /// <summary>Whether the browser simulates a variation.</summary>
    Simulation,

    /// <summary>Which code is hashed.</summary>
    Code,

    /// <summary>Whether the visitor is held out of everything.</summary>
    Holdout,

    /// <summary>Whether another flag of the exclusive group has the visitor.</summary>
    Group,

    /// <summary>A rule, to which the deeper steps that follow belong.</summary>
    Rule,

    /// <summary>A variation that the application forces.</summary>
    Forced,

    /// <summary>The audience of a rule.</summary>
    Segment,

    /// <summary>One condition of a segment.</summary>
    Condition,

    /// <summary>Whether the visitor falls into the rule's share of the traffic.</summary>
    Exposition,

    /// <summary>Whether the visitor refused consent.</summary>
    Consent,

    /// <summary>How the rule chose among its variations.</summary>
    Variation,

    /// <summary>Whether the visitor is a bot.</summary>
    Bot,
}
