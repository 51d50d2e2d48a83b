namespace Kameleoon.Hybrid;

/// <summary>What is to become of the exposures of a response.</summary>
/// <param name="Outcome">What became of the response.</param>
/// <param name="Discarded">Why its exposures are discarded, or null.</param>
/// <param name="HasLostBody">Whether the browser never got the page with the tags.</param>
/// <param name="TakesCarried">Whether the server reports the exposures of earlier redirects, because the response is the
/// visitor's next page.</param>
internal readonly record struct Settlement(
    ResponseOutcome Outcome, ExposureState? Discarded = null, bool HasLostBody = false, bool TakesCarried = false)
{
    /// <summary>Whether a person got the response.</summary>
    internal bool IsSeen => Discarded is null && Outcome is ResponseOutcome.Page or ResponseOutcome.Complete or ResponseOutcome.Long;
}
