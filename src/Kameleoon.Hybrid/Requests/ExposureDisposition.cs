namespace Kameleoon.Hybrid;

/// <summary>How the exposures of a response are handled once its outcome is known.</summary>
/// <param name="Outcome">The outcome of the response.</param>
/// <param name="Discarded">Why its exposures are discarded, or null.</param>
/// <param name="Lost">Which tags of the page the browser did not get.</param>
/// <param name="TakesCarried">Whether the server reports the exposures of earlier redirects that no tag took: the request
/// opens a page, and the response does not redirect.</param>
/// <param name="HasFailed">Whether the server failed: a status of 5xx, or an exception.</param>
internal readonly record struct ExposureDisposition(
    ResponseOutcome Outcome, ExposureState? Discarded = null, LostTags Lost = LostTags.None, bool TakesCarried = false,
    bool HasFailed = false)
{
    /// <summary>Whether the visitor received the response, and its exposures are not discarded.</summary>
    internal bool IsSeen => Discarded is null && Outcome is ResponseOutcome.Page or ResponseOutcome.Complete or ResponseOutcome.Long;
}
