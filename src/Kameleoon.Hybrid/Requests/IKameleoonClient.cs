using System.Text.Json;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Decides and tracks for one visitor.</summary>
/// <remarks>
/// Injected, it stands for the visitor of the current HTTP request; for any other visitor ask
/// <see cref="IKameleoonClientFactory"/>. What returns no task does no I/O, does not wait, and does not throw for the state
/// of the platform, the data file or the visitor, unless the settings ask for it. Safe for concurrent use. All decisions
/// of one instance come from one data file.
/// <para>In the request of a bot every enabled flag gives its default variation, and nothing is kept or reported: no
/// exposure, no data, no audience, no conversion. What a person's doing sets off elsewhere, such as the webhook of a
/// payment service, is for <see cref="IKameleoonClientFactory.ForVisitor"/>, whose client is never a bot.</para>
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
    /// <remarks>The assignment is saved, tracked or not, for conditions that ask about other flags and experiments.
    /// </remarks>
    /// <exception cref="ArgumentException">The data file has no such flag, and
    /// <see cref="KameleoonOptions.ThrowOnUnknownFeature"/> is on.</exception>
    Variation GetVariation(string featureKey, bool track = true);

    /// <summary>Decides every flag that is enabled in the environment, in the order of the data file.</summary>
    /// <param name="onlyActive">Whether to leave out flags whose variation is <c>off</c>.</param>
    /// <param name="track">Whether the decisions are exposures.</param>
    IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true);

    /// <summary>Decides a feature flag and says whether its variation is another than <c>off</c>.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="track">Whether the decision is an exposure.</param>
    /// <exception cref="ArgumentException">The data file has no such flag, and
    /// <see cref="KameleoonOptions.ThrowOnUnknownFeature"/> is on.</exception>
    bool IsFeatureActive(string featureKey, bool track = true);

    /// <summary>Decides a feature flag in the same way and says why, step by step. Nothing is saved or reported.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <returns>The decision with its steps, whose text is for people; null before the first data file.</returns>
    Explanation? Explain(string featureKey);

    /// <summary>The keys of all flags of the data file, those switched off included; empty before the first.</summary>
    IReadOnlyList<string> GetFeatureList();

    /// <summary>The data file this client decides by, to look into; null before the first.</summary>
    DataFile? GetDataFile();

    /// <summary>Says what the application knows of the visitor, for the conditions of segments.</summary>
    /// <param name="data">What is known. It comes before what the request tells, and replaces what was added before
    /// for the same purpose; page views and slots of custom data add up.</param>
    /// <remarks>
    /// <para>Kept in memory for <see cref="KameleoonOptions.SessionDuration"/> after the visitor's last request. The
    /// platform hears of it, once, when the visitor next does something that is tracked: a decision, a conversion,
    /// <see cref="EvaluateAudiences"/> or <see cref="Flush"/>; at the latest when the session ends or the application
    /// stops.</para>
    /// <para>A value of the custom data that identifies a person across devices makes that value another code of this
    /// visitor: both share everything from then on. The platform is told again every 30 minutes.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The data or a part of it is null.</exception>
    void AddData(params IVisitorData[] data);

    /// <summary>The same, and says whether the platform hears of it.</summary>
    /// <param name="track">False to keep the data for conditions only.</param>
    /// <param name="data">What is known.</param>
    /// <exception cref="ArgumentNullException">The data or a part of it is null.</exception>
    void AddData(bool track, params IVisitorData[] data);

    /// <summary>Says what the visitor answered when asked for consent. Only where the data file requires consent does it
    /// change anything.</summary>
    /// <param name="legalConsent">True for consent, false for a refusal.</param>
    /// <remarks>
    /// <para>Until the visitor answers, experiments are decided and shown but not reported; what was to report waits.
    /// Consent reports it and sets the cookie. A refusal drops it, ends experiments for this visitor and removes the
    /// cookie, except where an enabled delivery technically needs it. Deliveries and conversions are reported in any
    /// case, as in the official SDK.</para>
    /// <para>Kept in memory as long as what is known of the visitor. Where a consent management platform keeps the
    /// answer in a cookie of its own, register an <see cref="IKameleoonConsentProvider"/> instead. The browser engine
    /// has to be told too, by <c>Core.enableLegalConsent</c>.</para>
    /// </remarks>
    void SetLegalConsent(bool legalConsent);

    /// <summary>Gives the visitor a variation wherever the rule of its experiment is reached.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    /// <param name="variationKey">A variation that the rule exposes, or null to force nothing any more.</param>
    /// <param name="forceTargeting">Whether to force it even if the rule's segment leaves the visitor out.</param>
    /// <returns>Whether it is forced now. Without a data file no experiment is known.</returns>
    /// <remarks>Lasts as long as what is kept of the visitor. Disabled flags, the holdout, exclusive groups and earlier
    /// rules come first. The variation is saved and reported like any other.</remarks>
    ForcedVariationResult SetForcedVariation(long experimentId, string? variationKey, bool forceTargeting = true);

    /// <summary>Reports the audiences that the visitor belongs to: the site's segments marked for it.</summary>
    void EvaluateAudiences();

    /// <summary>Reports that the visitor reached a goal. Sent in the background; nothing to await.</summary>
    /// <param name="goalId">The goal's id on the platform, from 0.</param>
    /// <param name="revenue">The revenue of the conversion in the site's currency; 0 by default.</param>
    /// <param name="negative">Whether the platform takes an earlier conversion of that goal away again.</param>
    /// <param name="metadata">What is known of this conversion only, by slots of custom data.</param>
    /// <exception cref="ArgumentOutOfRangeException">The goal's id is negative.</exception>
    /// <exception cref="ArgumentNullException">The metadata or a part of it is null.</exception>
    void TrackConversion(int goalId, decimal revenue = 0, bool negative = false, params CustomData[] metadata);

    /// <summary>Reports once in the visitor's session that the visitor reached a goal, however often it is called: on a
    /// thank-you page that is loaded again, for instance.</summary>
    /// <param name="goalId">The goal's id on the platform, from 0.</param>
    /// <param name="id">What distinguishes the conversion from others of the goal, such as the number of the order: 1 to 100
    /// characters.</param>
    /// <param name="revenue">The revenue of the conversion in the site's currency; 0 by default.</param>
    /// <param name="negative">Whether the platform takes an earlier conversion of that goal away again.</param>
    /// <param name="metadata">What is known of this conversion only, by slots of custom data.</param>
    /// <remarks>The nonce of the line comes from the visitor code, the goal and the id. So the platform recognises a
    /// repetition after the session, too, and from another server.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The goal's id is negative.</exception>
    /// <exception cref="ArgumentException">The id is empty or too long.</exception>
    /// <exception cref="ArgumentNullException">The id, the metadata or a part of it is null.</exception>
    void TrackConversion(int goalId, string id, decimal revenue = 0, bool negative = false, params CustomData[] metadata);

    /// <summary>Lets the platform hear at the next interval of what was added; if there is nothing, that the visitor is
    /// there.</summary>
    void Flush();

    /// <summary>The same, but sends what waits in the application now instead of at the next interval.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the sending.</param>
    /// <returns>Whether everything that waited when this was called is safe: taken by the platform, or stored by the
    /// <see cref="ITrackingOutbox"/>. What is not waits for another attempt, or was dropped and counted.</returns>
    /// <remarks>What waits for the visitor's consent, or for the end of a response that gives a new visitor its code, is
    /// not waited for. While the platform fails this takes as long as the attempts do.</remarks>
    Task<bool> FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Asks the platform for a map that was uploaded to it.</summary>
    /// <param name="key">The map's key.</param>
    /// <param name="cancellationToken">Ends the request; so does the end of the HTTP request it is made in.</param>
    /// <returns>The map, a JSON object.</returns>
    /// <remarks>One attempt, unless <see cref="KameleoonResilienceOptions.Remote"/> says otherwise. Nothing is kept.</remarks>
    /// <exception cref="HttpRequestException">The platform cannot be reached or refuses.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="JsonException">The answer is no JSON.</exception>
    Task<JsonElement> GetRemoteDataAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Asks the platform what it knows of the visitor's earlier visits.</summary>
    /// <param name="filter">What to ask for. Default: <see cref="RemoteVisitorDataFilter.Default"/>.</param>
    /// <param name="addData">Whether decisions know it from now on, as long as the session lasts. What was known stays;
    /// scores are replaced.</param>
    /// <param name="cancellationToken">Ends the request; so does the end of the HTTP request it is made in.</param>
    /// <returns>The history; empty for bots and for visitors whose code was made up in this very request.</returns>
    /// <remarks>
    /// <para>Call it before the first decision: with <see cref="RemoteVisitorDataFilter.VisitorCode"/> the code by which the
    /// visitor was seen last decides from now on, so that a person has the same variations on every device, and a visitor
    /// who was decided already may change them. Add <see cref="UniqueIdentifier"/> before where the visitor code is the
    /// person's own.</para>
    /// <para>One attempt, unless <see cref="KameleoonResilienceOptions.Remote"/> says otherwise. Decisions never wait for it: catch
    /// what it throws and go on without history.</para>
    /// </remarks>
    /// <exception cref="HttpRequestException">The platform cannot be reached or refuses.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="JsonException">The answer cannot be read.</exception>
    Task<RemoteVisitorData> GetRemoteVisitorDataAsync(
        RemoteVisitorDataFilter? filter = null, bool addData = true, CancellationToken cancellationToken = default);

    /// <summary>Asks the platform for the audiences that a data warehouse has put the visitor into, and adds them as custom
    /// data.</summary>
    /// <param name="customDataIndex">The slot of custom data, from 0.</param>
    /// <param name="warehouseKey">The key under which the warehouse knows the visitor. Default: the visitor code.</param>
    /// <param name="cancellationToken">Ends the request; so does the end of the HTTP request it is made in.</param>
    /// <returns>The custom data, or null when the warehouse does not know the visitor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    /// <exception cref="HttpRequestException">The platform cannot be reached or refuses.</exception>
    /// <exception cref="TimeoutException">It did not answer in time.</exception>
    /// <exception cref="JsonException">The answer is no JSON.</exception>
    Task<CustomData?> GetVisitorWarehouseAudienceAsync(
        int customDataIndex, string? warehouseKey = null, CancellationToken cancellationToken = default);

    /// <summary>Renders this client's decisions as JavaScript for the browser engine.</summary>
    /// <returns>JavaScript, not HTML: place it in a script element without encoding it. It holds only numbers and
    /// fixed text. Experiments stand in ascending order; decisions taken with <c>track: false</c> are included, as in
    /// the official SDK. The exposures it carries belong to the engine from then on.</returns>
    /// <remarks>Razor pages use the <c>kameleoon-tracking</c> tag instead. Outside of a request the server has reported
    /// tracked decisions already, and the code carries what was only looked at.</remarks>
    string GetEngineTrackingCode();
}
