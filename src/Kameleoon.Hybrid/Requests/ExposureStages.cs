namespace Kameleoon.Hybrid;

/// <summary>Says which stages a visitor has reached when a response is complete, and when the server reports.</summary>
internal static class ExposureStages
{
    private const VisitorStages Delivered = VisitorStages.Decided | VisitorStages.Completed;

    /// <summary>Returns the stages after a response.</summary>
    /// <param name="outcome">The outcome of the response.</param>
    /// <param name="isEngines">Whether the page handed the exposure to the engine, which reports it.</param>
    internal static VisitorStages OfCompleted(ResponseOutcome outcome, bool isEngines) =>
        (outcome is ResponseOutcome.Error or ResponseOutcome.Aborted ? VisitorStages.Decided : Delivered)
        | (isEngines ? VisitorStages.Handed | VisitorStages.Reported : VisitorStages.None);

    /// <summary>Returns the stages before the server queues an exposure.</summary>
    /// <param name="outcome">The outcome of the response.</param>
    /// <param name="expectsEngine">Whether pages hand their exposures to the engine alone.</param>
    /// <remarks>A page without the tag hands nothing over. Responses that are no page need not.</remarks>
    internal static VisitorStages OfReported(ResponseOutcome outcome, bool expectsEngine) => outcome switch
    {
        ResponseOutcome.Error or ResponseOutcome.Aborted => VisitorStages.Decided,
        ResponseOutcome.Seen when expectsEngine => Delivered | VisitorStages.Handed | VisitorStages.Unreached,
        ResponseOutcome.Page when expectsEngine => Delivered,
        _ => Delivered | VisitorStages.Handed,
    };

    /// <summary>Returns the outcome as it is counted, or null for a response that is not.</summary>
    internal static ExposureOutcome? OutcomeOf(in ExposureDisposition disposition) => disposition.Discarded switch
    {
        ExposureState.Unseen => ExposureOutcome.Prefetch,
        not null => null,
        _ => disposition.Outcome switch
        {
            ResponseOutcome.Redirect => ExposureOutcome.Redirect,
            ResponseOutcome.Error => ExposureOutcome.Error,
            ResponseOutcome.Aborted => ExposureOutcome.Aborted,
            _ => ExposureOutcome.Ok,
        },
    };
}
