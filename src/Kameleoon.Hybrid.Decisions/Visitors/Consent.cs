namespace Kameleoon.Hybrid.Decisions;

/// <summary>What a visitor said about being experimented with; it matters where the site requires consent.</summary>
public enum Consent
{
    /// <summary>Nothing yet. Decisions are taken, and experiments are not reported.</summary>
    Unknown,

    /// <summary>The visitor agreed.</summary>
    Given,

    /// <summary>The visitor refused; experiments do not run.</summary>
    Refused,
}
