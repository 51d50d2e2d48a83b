namespace Kameleoon.Hybrid.Decisions;

/// <summary>What holds for every flag of a site.</summary>
internal sealed record Site(Holdout? Holdout, bool ConsentRequired, bool RefusalBlocksEverything)
{
    /// <remarks>An unknown consent blocks the report of an experiment, not the experiment.</remarks>
    internal bool IsRefusedBy(IVisitorFacts visitor) => ConsentRequired && visitor.Consent == Consent.Refused;
}
