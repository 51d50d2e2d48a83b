using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Decides and tracks for one visitor.</summary>
/// <remarks>
/// Injected, it stands for the visitor of the current HTTP request; for any other visitor ask
/// <see cref="IKameleoonClientFactory"/>. No member does I/O, waits or throws for the state of the platform, the
/// data file or the visitor. Safe for concurrent use. All decisions of one instance come from one data file.
/// </remarks>
public interface IKameleoonClient
{
    /// <summary>The visitor code that server and browser share: 1 to 255 characters.</summary>
    string GetVisitorCode();

    /// <summary>Decides a feature flag.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="track">Whether the decision is an exposure, which is reported once. Pass false to look only.</param>
    /// <returns>The variation with its reason. An unknown or disabled flag, or a missing data file, gives <c>off</c>.
    /// </returns>
    Variation GetVariation(string featureKey, bool track = true);

    /// <summary>Decides every flag that is enabled in the environment, in the order of the data file.</summary>
    /// <param name="onlyActive">Whether to leave out flags whose variation is <c>off</c>.</param>
    /// <param name="track">Whether the decisions are exposures.</param>
    IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true);

    /// <summary>Decides a feature flag and says whether its variation is another than <c>off</c>.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="track">Whether the decision is an exposure.</param>
    bool IsFeatureActive(string featureKey, bool track = true);

    /// <summary>Reports that the visitor reached a goal. Sent in the background; nothing to await.</summary>
    /// <param name="goalId">The goal's id on the platform.</param>
    /// <param name="revenue">The revenue of the conversion in the site's currency; 0 by default.</param>
    void TrackConversion(int goalId, decimal revenue = 0);

    /// <summary>Renders this client's decisions as JavaScript for the browser engine.</summary>
    /// <returns>JavaScript, not HTML: place it in a script element without encoding it. It holds only numbers and
    /// fixed text. Experiments stand in ascending order; decisions taken with <c>track: false</c> are included, as in
    /// the official SDK. The exposures it carries belong to the engine from then on.</returns>
    /// <remarks>Razor pages use the <c>kameleoon-tracking</c> tag instead.</remarks>
    string GetEngineTrackingCode();
}
