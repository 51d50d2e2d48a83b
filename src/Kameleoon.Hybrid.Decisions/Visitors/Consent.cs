namespace Kameleoon.Hybrid.Decisions;

/// <summary>A visitor's consent to experiments; used only where the site requires consent.</summary>
public enum Consent
{
    /// <summary>Not asked yet. Flags are decided, and experiments are not reported.</summary>
    Unknown,

    /// <summary>The visitor agreed.</summary>
    Given,

    /// <summary>The visitor refused; experiments do not run.</summary>
    Refused,
}
