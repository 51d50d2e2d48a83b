namespace Kameleoon.Hybrid;

/// <summary>The result of forcing a variation.</summary>
public enum ForcedVariationResult
{
    /// <summary>The variation is forced.</summary>
    Forced,

    /// <summary>No rule of the data file has the experiment.</summary>
    UnknownExperiment,

    /// <summary>The experiment's rule exposes no variation of that key.</summary>
    UnknownVariation,

    /// <summary>The forced variation of the experiment was removed.</summary>
    Withdrawn,
}
