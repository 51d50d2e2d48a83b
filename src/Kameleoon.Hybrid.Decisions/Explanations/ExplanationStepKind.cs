namespace Kameleoon.Hybrid;

/// <summary>What a step of an explanation checks.</summary>
public enum ExplanationStepKind
{
    /// <summary>Whether the flag exists and is on in the environment.</summary>
    Flag,

    /// <summary>Whether the browser simulates a variation.</summary>
    Simulation,

    /// <summary>Which code is hashed for the visitor.</summary>
    Code,

    /// <summary>Whether the visitor is held out of everything.</summary>
    Holdout,

    /// <summary>Which flag of the exclusive group the visitor may get.</summary>
    Group,

    /// <summary>A rule; the deeper steps that follow belong to it.</summary>
    Rule,

    /// <summary>A variation that the application forces.</summary>
    Forced,

    /// <summary>The segment of a rule.</summary>
    Segment,

    /// <summary>One condition of a segment.</summary>
    Condition,

    /// <summary>Whether the rule's exposition includes the visitor.</summary>
    Exposition,

    /// <summary>Whether the visitor refused consent.</summary>
    Consent,

    /// <summary>How the rule chose among its variations.</summary>
    Variation,

    /// <summary>Whether the visitor is a bot.</summary>
    Bot,

    /// <summary>Whether the application withholds the variation from new visitors.</summary>
    Guard,
}
