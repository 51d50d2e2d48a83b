using System.Text.Json;
using Kameleoon.Hybrid.Decisions;

namespace Kameleoon.Hybrid;

/// <summary>Decides flags for one visitor, and reports the visitor's exposures, data and conversions.</summary>
/// <remarks>
/// An injected client belongs to the visitor of the current HTTP request. <see cref="IKameleoonClientFactory"/> creates
/// clients of other visitors. Members that return no task do no I/O and never block. They do not throw for an
/// unreachable platform, a missing data file or an unknown flag, unless a setting says so. Safe for concurrent use. All
/// decisions for one page use one data file.
/// <para>In the request of a bot every enabled flag gives its default variation, and nothing is stored or reported. For
/// a request that a person caused indirectly, such as the webhook of a payment service, use <see
/// cref="IKameleoonClientFactory.ForVisitor"/>: its client never counts as a bot.</para>
/// </remarks>
public interface IKameleoonClient
{
    /// <summary>Returns the visitor code that server and browser share: 1 to 255 characters.</summary>
    string GetVisitorCode();

    /// <summary>Returns the address of a link, a form or a redirect with the visitor code, if it leads to another domain
    /// of the site; else the address as it is.</summary>
    /// <param name="address">An absolute address, or one that starts with <c>//</c>. Other texts are returned as they
    /// are.</param>
    /// <remarks>
    /// <para>The domains are those of <see cref="KameleoonOptions.CrossDomains"/>. The code is the parameter
    /// <c>kameleoonVisitorCode</c>, in place of one that the address has. It is not added for bots, while the browser may
    /// not have the cookie, in an address without https on a page with it, and outside of a request. A page with the code
    /// is not stored by shared caches.</para>
    /// <para>Razor pages mark links with <c>kameleoon-cross-domain</c> instead, and Blazor pages use
    /// <see cref="Components.KameleoonCrossDomainLink"/>. A form that is sent with GET replaces the query of its address:
    /// mark the form.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The address is null.</exception>
    string GetCrossDomainLink(string address);

    /// <summary>Decides a feature flag.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="track">Whether the decision is an exposure, which is reported once. Pass false to only read the
    /// decision.</param>
    /// <returns>The variation with its reason. An unknown or disabled flag, or a missing data file, gives <c>off</c>.
    /// </returns>
    /// <remarks>The assignment is saved, tracked or not, for conditions that refer to other flags and
    /// experiments.</remarks>
    /// <exception cref="ArgumentException">The data file has no such flag, and
    /// <see cref="KameleoonOptions.ThrowOnUnknownFeature"/> is on.</exception>
    Variation GetVariation(string featureKey, bool track = true);

    /// <summary>Decides every flag that is enabled in the environment, in the order of the data file.</summary>
    /// <param name="onlyActive">Whether to omit flags whose variation is <c>off</c>.</param>
    /// <param name="track">Whether the decisions are exposures.</param>
    IReadOnlyDictionary<string, Variation> GetVariations(bool onlyActive = false, bool track = true);

    /// <summary>Decides a feature flag and returns whether its variation is not <c>off</c>.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <param name="track">Whether the decision is an exposure.</param>
    /// <exception cref="ArgumentException">The data file has no such flag, and
    /// <see cref="KameleoonOptions.ThrowOnUnknownFeature"/> is on.</exception>
    bool IsFeatureActive(string featureKey, bool track = true);

    /// <summary>Decides a feature flag and returns the steps that led to the decision. Nothing is saved or
    /// reported.</summary>
    /// <param name="featureKey">The flag's key, compared ordinally.</param>
    /// <returns>The decision with its steps as readable text; null before the first data file.</returns>
    Explanation? Explain(string featureKey);

    /// <summary>Returns the keys of all flags of the data file, including flags that are off; empty before the first
    /// data file.</summary>
    IReadOnlyList<string> GetFeatureList();

    /// <summary>Returns the data file that this client uses, or null before the first one.</summary>
    DataFile? GetDataFile();

    /// <summary>Adds data about the visitor, for the conditions of segments and for the platform.</summary>
    /// <param name="data">The data. It takes precedence over data of the request, and replaces earlier data of the same
    /// type. Page views and values of different custom data slots are kept beside each other.</param>
    /// <remarks>
    /// <para>Data is kept in memory for <see cref="KameleoonOptions.SessionDuration"/> after the visitor's last
    /// request. It is sent once, with the visitor's next tracked action: a tracked decision, a conversion, <see
    /// cref="EvaluateAudiences"/> or <see cref="Flush"/>; at the latest when the session ends or the application
    /// stops.</para>
    /// <para>A value of the custom data that identifies a person across devices becomes another code of this visitor:
    /// both codes share their data from then on. The link is sent again every 30 minutes.</para>
    /// </remarks>
    /// <exception cref="ArgumentNullException">The data or an element of it is null.</exception>
    void AddData(params IVisitorData[] data);

    /// <summary>Adds data about the visitor, for conditions only or for the platform too.</summary>
    /// <param name="track">Whether the data is sent to the platform. Pass false to use it for conditions only.</param>
    /// <param name="data">The data.</param>
    /// <exception cref="ArgumentNullException">The data or an element of it is null.</exception>
    void AddData(bool track, params IVisitorData[] data);

    /// <summary>Sets the visitor's consent. It has an effect only if the data file requires consent.</summary>
    /// <param name="legalConsent">True for consent, false for a refusal.</param>
    /// <remarks>
    /// <para>Until consent is known, experiments are decided and shown, and their events wait. Consent sends the
    /// waiting events and sets the cookie. A refusal drops them, ends experiments for this visitor and removes the
    /// cookie, unless an enabled targeted delivery (a rule that shows one variation to a segment) needs it. Deliveries
    /// and conversions are reported regardless of consent, as
    /// in the official SDK.</para>
    /// <para>Consent is kept in memory as long as the visitor's data. If a consent management platform stores the
    /// answer in its own cookie, register an <see cref="IKameleoonConsentProvider"/> instead. Pass the answer to the
    /// browser engine too, with <c>Core.enableLegalConsent</c>.</para>
    /// </remarks>
    void SetLegalConsent(bool legalConsent);

    /// <summary>Forces a variation of an experiment for the visitor, whenever the rule of the experiment is
    /// reached.</summary>
    /// <param name="experimentId">The experiment of a rule.</param>
    /// <param name="variationKey">A variation of the rule, or null to remove the forced variation.</param>
    /// <param name="forceTargeting">Whether to force it even if the rule's segment does not match the visitor.</param>
    /// <returns>The result. Without a data file no experiment is known.</returns>
    /// <remarks>Kept as long as the visitor's data. Disabled flags, the holdout, exclusive groups and earlier rules
    /// take precedence. The variation is saved and reported like any other.</remarks>
    ForcedVariationResult SetForcedVariation(long experimentId, string? variationKey, bool forceTargeting = true);

    /// <summary>Reports the audiences that the visitor belongs to: the segments that the data file marks as
    /// audiences.</summary>
    void EvaluateAudiences();

    /// <summary>Reports that the visitor reached a goal. The conversion is sent in the background.</summary>
    /// <param name="goalId">The goal's id on the platform, from 0.</param>
    /// <param name="revenue">The revenue of the conversion in the site's currency; 0 by default.</param>
    /// <param name="negative">Whether the platform subtracts an earlier conversion of the goal.</param>
    /// <param name="metadata">Custom data of this conversion only.</param>
    /// <exception cref="ArgumentOutOfRangeException">The goal's id is negative.</exception>
    /// <exception cref="ArgumentNullException">The metadata or an element of it is null.</exception>
    void TrackConversion(int goalId, decimal revenue = 0, bool negative = false, params CustomData[] metadata);

    /// <summary>Reports that the visitor reached a goal, once in the visitor's session. Further calls with the same id
    /// do nothing, for example on a thank-you page that is reloaded.</summary>
    /// <param name="goalId">The goal's id on the platform, from 0.</param>
    /// <param name="id">Distinguishes the conversion from others of the goal, for example an order number: 1 to 100
    /// characters.</param>
    /// <param name="revenue">The revenue of the conversion in the site's currency; 0 by default.</param>
    /// <param name="negative">Whether the platform subtracts an earlier conversion of the goal.</param>
    /// <param name="metadata">Custom data of this conversion only.</param>
    /// <remarks>The nonce of the event is derived from the visitor code, the goal and the id. The platform therefore
    /// also recognises a repeated conversion after the session and from another server.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The goal's id is negative.</exception>
    /// <exception cref="ArgumentException">The id is empty or too long.</exception>
    /// <exception cref="ArgumentNullException">The id, the metadata or an element of it is null.</exception>
    void TrackConversion(int goalId, string id, decimal revenue = 0, bool negative = false, params CustomData[] metadata);

    /// <summary>Sends added data at the next tracking interval, without waiting for a tracked action. Without added
    /// data, reports that the visitor is active.</summary>
    void Flush();

    /// <summary>Sends added data and all queued events of the application now, instead of at the next tracking
    /// interval. With an <see cref="ITrackingOutbox"/>, stores them.</summary>
    /// <param name="cancellationToken">Cancels the wait, not the sending.</param>
    /// <returns>True if every event that was queued at the call is accepted by the platform or stored by the
    /// <see cref="ITrackingOutbox"/>. After false, the other events wait for another attempt, or were dropped and
    /// counted.</returns>
    /// <remarks>Events that wait for the visitor's consent, or for the end of a response that sets a new visitor's code,
    /// are not included. With an outbox the call does not wait for the platform, unless the outbox fails. Without one, it
    /// takes as long as the attempts to send.</remarks>
    Task<bool> FlushAsync(CancellationToken cancellationToken = default);

    /// <summary>Reads a map that was uploaded to the platform.</summary>
    /// <param name="key">The map's key.</param>
    /// <param name="cancellationToken">Cancels the call. The end of the HTTP request also cancels it.</param>
    /// <returns>The map, a JSON object.</returns>
    /// <remarks>Makes one attempt, unless <see cref="KameleoonResilienceOptions.Remote"/> sets more. The result is not
    /// cached.</remarks>
    /// <exception cref="HttpRequestException">The platform cannot be reached or returns an error.</exception>
    /// <exception cref="TimeoutException">The platform did not respond in time.</exception>
    /// <exception cref="JsonException">The response is not JSON.</exception>
    Task<JsonElement> GetRemoteDataAsync(string key, CancellationToken cancellationToken = default);

    /// <summary>Reads the visitor's history from the platform.</summary>
    /// <param name="filter">The data to request. Default: <see cref="RemoteVisitorDataFilter.Default"/>.</param>
    /// <param name="addData">Whether decisions use it for the rest of the session. Data of the session takes
    /// precedence; scores are replaced.</param>
    /// <param name="cancellationToken">Cancels the call. The end of the HTTP request also cancels it.</param>
    /// <returns>The history; empty for bots and for visitors whose code was generated in this request.</returns>
    /// <remarks>
    /// <para>Call it before the first decision. With <see cref="RemoteVisitorDataFilter.VisitorCode"/> the visitor code
    /// of the latest visit is used for bucketing from now on, so that a person gets the same variations on every
    /// device. Variations
    /// that were decided before may change. If the visitor code identifies the person, add a <see
    /// cref="UniqueIdentifier"/> first.</para>
    /// <para>Conditions use data that the application adds first, then the request, then the history. A later call replaces the
    /// earlier visits and the scores if the platform returns any; pages are counted by the first call that returns some.</para>
    /// <para>Makes one attempt, unless <see cref="KameleoonResilienceOptions.Remote"/> sets more. Decisions do not
    /// depend on it: catch its exceptions and continue without the history.</para>
    /// </remarks>
    /// <exception cref="HttpRequestException">The platform cannot be reached or returns an error.</exception>
    /// <exception cref="TimeoutException">The platform did not respond in time.</exception>
    /// <exception cref="JsonException">The response cannot be read.</exception>
    Task<RemoteVisitorData> GetRemoteVisitorDataAsync(
        RemoteVisitorDataFilter? filter = null, bool addData = true, CancellationToken cancellationToken = default);

    /// <summary>Reads the visitor's audiences in a data warehouse from the platform, and adds them as custom
    /// data.</summary>
    /// <param name="customDataIndex">The slot of custom data, from 0.</param>
    /// <param name="warehouseKey">The visitor's key in the warehouse. Default: the visitor code.</param>
    /// <param name="cancellationToken">Cancels the call. The end of the HTTP request also cancels it.</param>
    /// <returns>The custom data, or null when the warehouse does not have the visitor.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The index is negative.</exception>
    /// <exception cref="HttpRequestException">The platform cannot be reached or returns an error.</exception>
    /// <exception cref="TimeoutException">The platform did not respond in time.</exception>
    /// <exception cref="JsonException">The response is not JSON.</exception>
    Task<CustomData?> GetVisitorWarehouseAudienceAsync(
        int customDataIndex, string? warehouseKey = null, CancellationToken cancellationToken = default);

    /// <summary>Renders this client's decisions as JavaScript for the browser engine.</summary>
    /// <returns>JavaScript, not HTML: place it in a script element without encoding it. It contains only numbers and
    /// fixed text. Experiments are in ascending order. Decisions with <c>track: false</c> are included, as in the
    /// official SDK. The engine reports the exposures in it.</returns>
    /// <remarks>Razor pages use the <c>kameleoon-tracking</c> tag instead. Outside of a request the server has already
    /// reported tracked decisions, so the code contains untracked ones only.</remarks>
    string GetEngineTrackingCode();
}
