namespace Kameleoon.Hybrid;

/// <summary>The reason why a visitor got a variation.</summary>
public enum DecisionReason
{
    /// <summary>No data file has been received yet; the variation is <c>off</c>.</summary>
    NoConfiguration,

    /// <summary>The data file has no flag of that key; the variation is <c>off</c>.</summary>
    UnknownFlag,

    /// <summary>The flag is switched off in the environment; the variation is <c>off</c>.</summary>
    Disabled,

    /// <summary>The visitor is held out of all experiments of the site; the flag's default variation.</summary>
    Holdout,

    /// <summary>Another flag of the mutually exclusive group has this visitor; the flag's default variation.</summary>
    Group,

    /// <summary>
    /// The visitor refused consent where an experiment would have run: the flag's default variation, or <c>off</c>
    /// when the site blocks everything after a refusal.
    /// </summary>
    Consent,

    /// <summary>No rule chose a variation; the flag's default variation.</summary>
    Default,

    /// <summary>A rule of the flag chose the variation.</summary>
    Rule,

    /// <summary>The application forced the variation, and the visitor got to the rule of its experiment.</summary>
    Forced,

    /// <summary>The visitor's browser simulates the variation; this is not an exposure.</summary>
    Simulated,

    /// <summary>The visitor is a bot; the flag's default variation, without evaluating rules.</summary>
    Bot,

    /// <summary>The responses of the variation that a rule chose fail or are slow, and the application guards against that; the
    /// flag's default variation. Only with <c>Kameleoon:Trust:Guard</c>.</summary>
    Guarded,
}
