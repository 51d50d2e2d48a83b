namespace Kameleoon.Hybrid.Decisions;

/// <summary>The variations of a flag that no rule chooses, one for each reason.</summary>
internal sealed class FlagOutcomes
{
    internal FlagOutcomes(VariationCatalogue catalogue, string defaultKey)
    {
        RunsInBrowser = catalogue.RunsInBrowser;
        Default = catalogue.Find(defaultKey);
        HeldOut = Default.WithReason(DecisionReason.Holdout);
        Excluded = Default.WithReason(DecisionReason.Group);
        Refused = Default.WithReason(DecisionReason.Consent);
        SimulatedDefault = Default.WithReason(DecisionReason.Simulated);
        ForBot = Default.WithReason(DecisionReason.Bot);

        var off = catalogue.Find(Variation.OffKey);
        Disabled = off.WithReason(DecisionReason.Disabled);
        Blocked = off.WithReason(DecisionReason.Consent);
    }

    internal bool RunsInBrowser { get; }

    /// <summary>No rule applied.</summary>
    internal Variation Default { get; }

    /// <summary>The holdout keeps the visitor out of all flags.</summary>
    internal Variation HeldOut { get; }

    /// <summary>Another flag of the exclusive group has the visitor.</summary>
    internal Variation Excluded { get; }

    /// <summary>The visitor refused consent; experiments do not run.</summary>
    internal Variation Refused { get; }

    /// <summary>The browser simulates the default variation.</summary>
    internal Variation SimulatedDefault { get; }

    /// <summary>The visitor is a bot.</summary>
    internal Variation ForBot { get; }

    /// <summary>The flag is off in the environment.</summary>
    internal Variation Disabled { get; }

    /// <summary>The visitor refused consent, and the site blocks all flags then.</summary>
    internal Variation Blocked { get; }
}
